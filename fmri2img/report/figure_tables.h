#pragma once

#include <filesystem>
#include <string>

namespace fmri2img::report {

/// A results folder's figures as HTML sections, empty where they have not been computed (doc/formats/results.md).

/// evaluation.json: what was scored, everything else that the run made, and the baselines, a line each.
std::string score_table(const std::filesystem::path& results);

/// votes.json.
std::string vote_table(const std::filesystem::path& results);

}  // namespace fmri2img::report
