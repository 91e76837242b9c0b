#pragma once

#include <filesystem>

namespace fmri2img::diffusion {

/// Throws Error naming everything that a Stable Diffusion folder lacks of what image-to-image needs, if it lacks
/// anything, or if model_index.json is of another kind of pipeline. Says once what in the folder is not used.
void check_stable_diffusion_folder(const std::filesystem::path& folder);

}  // namespace fmri2img::diffusion
