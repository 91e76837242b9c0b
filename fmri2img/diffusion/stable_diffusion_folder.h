#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/models/clip/options.h"
#include "fmri2img/models/unet/options.h"
#include "fmri2img/text/byte_pair_tokenizer.h"

namespace fmri2img::diffusion {

/// What image-to-image needs of a Stable Diffusion folder.
struct StableDiffusionPart {
  std::string path;   ///< in the folder: "unet/config.json", "tokenizer"
  std::string files;  ///< what a folder has to hold; empty for a file
};

std::vector<StableDiffusionPart> missing_parts(const std::filesystem::path& folder);

/// What a folder has that image-to-image does not use: a safety checker, LoRA files (in it, in unet/ or in
/// text_encoder/), in whatever case they are written. Paths in the folder, sorted.
std::vector<std::string> unused_parts(const std::filesystem::path& folder);

/// Throws Error if there is a model_index.json and it is of another kind of pipeline.
void check_pipeline_class(const std::filesystem::path& folder);

/// Throws Error unless the network takes and gives the autoencoder's latents.
void check_latent_channels(const models::UNetOptions& unet,
                           const models::AutoencoderKLOptions& vae,
                           const std::filesystem::path& folder);

/// Throws Error unless the network reads what the text encoder gives.
void check_text_width(const models::UNetOptions& unet,
                      const models::ClipTextOptions& text_encoder,
                      const std::filesystem::path& folder);

/// Throws Error naming both files unless the text encoder has an embedding for every token.
void check_token_embeddings(const text::BytePairTokenizer& tokenizer,
                            const models::ClipTextOptions& text_encoder,
                            const std::filesystem::path& folder);

/// Throws Error naming everything that a Stable Diffusion folder lacks of what image-to-image needs, if it lacks
/// anything, or if model_index.json is of another kind of pipeline. Says once what in the folder is not used.
void check_stable_diffusion_folder(const std::filesystem::path& folder);

}  // namespace fmri2img::diffusion
