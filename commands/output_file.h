#pragma once

#include <filesystem>
#include <string>

namespace fmri2img::commands {

/// Throws Error before a long run whose result could not become the file `path`: its folder is not there or cannot be
/// written to, or a folder has its name. `option` is where the path was given: "--out".
void check_output_file(const std::string& option, const std::filesystem::path& path);

/// As `check_output_file`, and (wrong usage) unless the name ends in .png: no other format of pictures is written.
void check_output_picture(const std::string& option, const std::filesystem::path& path);

}  // namespace fmri2img::commands
