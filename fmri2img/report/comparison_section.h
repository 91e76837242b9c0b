#pragma once

#include <filesystem>
#include <string>

namespace fmri2img::report {

/// The comparison_*.json files of a results folder (`evaluate --against`): differences to other runs, paired image by
/// image, with their intervals; empty without any.
std::string comparison_section(const std::filesystem::path& results);

}  // namespace fmri2img::report
