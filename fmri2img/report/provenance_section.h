#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// What was run and on what, from the runs' manifests: command, times, settings, and what was read with its hash.
std::string provenance_section(std::span<const reconstruction::Results> results);

/// The same of an experiment, folded, from the manifest beside its finding; empty where there is none.
std::string finding_provenance(const std::filesystem::path& finding);

}  // namespace fmri2img::report
