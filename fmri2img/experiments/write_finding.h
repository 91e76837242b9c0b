#pragma once

#include <filesystem>
#include <string>

#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

/// Writes each chart as `ID.svg` and then `finding.json`, for reports, into the folder.
void write_finding(const std::filesystem::path& folder, const findings::Finding& finding);

/// Tables and notes for people, columns aligned.
std::string to_text(const findings::Finding& finding);

}  // namespace fmri2img::experiments
