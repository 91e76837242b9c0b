#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::report {

/// The evaluations that lie in a results folder: evaluation.json, then those of other protocols by name.
std::vector<std::filesystem::path> evaluation_files(const std::filesystem::path& results);

/// What is in `evaluation_files`, in their order.
std::vector<Json> read_evaluations(const std::filesystem::path& results);

/// Whether it is a score: mean and interval, which may be null.
bool is_score(const Json& json);

/// Whether it is a score that could be computed.
bool has_value(const Json& json);

/// "mindeye1-982, antialiased", of an evaluation or a comparison; those of earlier versions have the preset alone.
std::string protocol_label(const Json& evaluation);

}  // namespace fmri2img::report
