#pragma once

#include <filesystem>
#include <vector>

#include "fmri2img/data/checks/finding.h"

namespace fmri2img::data {

/// Everything that is wrong or odd about a subject's folder, in the order: responses, pictures, ROI, latents, size.
///
/// Goes on after an error as far as what is left can be checked; never throws for what a file holds. Every value of the
/// responses and of the latents is looked at once and every picture is decoded once, in parallel and with progress:
/// about half a minute for a full subject on two cores. Memory: a few blocks, whatever the subject's size.
std::vector<Finding> check_subject(const std::filesystem::path& folder);

}  // namespace fmri2img::data
