#pragma once

#include <filesystem>
#include <vector>

#include "fmri2img/data/checks/finding.h"

namespace fmri2img::model_checks {

/// Which model a folder is, what its networks take, and everything that is wrong with it.
///
/// Known are: a Stable Diffusion folder or one of its networks, a CLIP (folder of transformers, or OpenAI's file), a
/// BLIP, an autoencoder (AutoencoderKL, AutoencoderTiny, or the pair of tae*_encoder.pth and tae*_decoder.pth), and a
/// decoder of this program. Files are read and compared by the functions that the models are loaded with. Each network
/// is a note with the number of its parameters and their memory (code "model-size"); of tensors that do not fit, 20 are
/// named. Goes on after an error as far as what is left can be checked; never throws for what a file holds. Every
/// weight is looked at once, in mapped files.
std::vector<data::Finding> check_model(const std::filesystem::path& folder_or_file);

/// The same for the models of a zoo: `stable-diffusion`, `clip` and `blip` in `folder`, each of which may be elsewhere
/// (a warning), and every file that is not as a list of hashes in it says (zoo_hashes.h).
std::vector<data::Finding> check_zoo(const std::filesystem::path& folder);

}  // namespace fmri2img::model_checks
