#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// Folders of the decoders that the runs name in their manifests, each once, in order.
std::vector<std::filesystem::path> decoder_folders(std::span<const reconstruction::Results> results);

/// What the decoders are, a line each, and how the loss fell where they were trained step by step. A decoder whose
/// folder is not where the manifest says is named as such; empty if no manifest names any.
std::string decoder_section(std::span<const reconstruction::Results> results);

}  // namespace fmri2img::report
