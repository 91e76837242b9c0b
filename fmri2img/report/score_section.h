#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// The evaluations that lie in a results folder: evaluation.json, then those of other protocols by name.
std::vector<std::filesystem::path> evaluation_files(const std::filesystem::path& results);

/// What is in `evaluation_files`, in their order.
std::vector<Json> read_evaluations(const std::filesystem::path& results);

/// Up to four scores in large figures, with intervals and chance; empty where `evaluate` has not run.
std::string headline_figures(const std::vector<Json>& evaluations);

/// One table an evaluation: what was scored, everything else that the run made, and the baselines. Whatever scores are
/// there are shown. Below stand the published rows, a table a protocol: figures of different protocols never share a
/// column.
std::string score_section(std::span<const reconstruction::Results> results);

}  // namespace fmri2img::report
