#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/findings/finding.h"

namespace fmri2img::report {

/// Files of findings: those that were named (files, or folders that hold a finding.json), then those that lie in a
/// results folder or one level below, each once. Throws Error if a named one is not there.
std::vector<std::filesystem::path> find_findings(const std::vector<std::filesystem::path>& named,
                                                 const std::filesystem::path& results);

/// Lead, charts, tables and notes of one finding. `id` makes its charts' names unique on the page.
std::string finding_section(const findings::Finding& finding, const std::string& id);

}  // namespace fmri2img::report
