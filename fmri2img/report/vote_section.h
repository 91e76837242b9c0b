#pragma once

#include <filesystem>
#include <string>

namespace fmri2img::report {

/// votes.json: every vote beside a random pick, as a chart and a table; empty where there was no vote.
std::string vote_section(const std::filesystem::path& results);

}  // namespace fmri2img::report
