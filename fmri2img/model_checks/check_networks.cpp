#include "fmri2img/core/check.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/decoding/mlp/mlp_decoder.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/model_checks/model_checks.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/clip/text_model.h"
#include "fmri2img/models/tiny_codec.h"
#include "fmri2img/models/unet/unet.h"
#include "fmri2img/models/voxel_decoder/voxel_decoder.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

/// A ridge decoder is checked by loading it: its tensors have no module.
void check_ridge(Findings& findings, const fs::path& folder) {
  can_read(findings, folder, [&] {
    decoding::load_decoder(folder);
    int64_t numbers = 0;
    for (const auto& [name, tensor] : io::read_state_dict(folder / "model.safetensors")) numbers += tensor.numel();
    add_size(findings, folder, "ridge decoder", numbers);
  });
}

}  // namespace

std::optional<models::UNetOptions> check_unet(Findings& findings, const fs::path& folder) {
  const auto source = check_network<models::UNet>(findings, folder, "unet", models::read_unet_source);
  return source ? std::optional(source->options) : std::nullopt;
}

std::optional<models::AutoencoderKLOptions> check_autoencoder_kl(Findings& findings, const fs::path& folder) {
  const auto source = check_network<models::AutoencoderKL>(findings, folder, "vae", models::read_autoencoder_kl_source);
  return source ? std::optional(source->options) : std::nullopt;
}

std::optional<models::ClipTextOptions> check_text_encoder(Findings& findings, const fs::path& folder) {
  const auto source =
      check_network<models::ClipTextModel>(findings, folder, "text encoder", models::read_text_encoder_source);
  return source ? std::optional(source->options) : std::nullopt;
}

void check_autoencoder_tiny(Findings& findings, const fs::path& folder) {
  check_network<models::AutoencoderTiny>(findings, folder, "tiny autoencoder", models::read_autoencoder_tiny_source);
}

void check_decoder(Findings& findings, const fs::path& folder) {
  decoding::DecoderRecord record;
  if (!can_read(findings, folder, [&] { record = decoding::read_record(folder); })) return;
  if (record.kind == "mlp") {
    check_network<models::VoxelDecoder>(findings, folder, "mlp decoder", decoding::read_mlp_source);
  } else {
    check_ridge(findings, folder);
  }
}

}  // namespace fmri2img::model_checks
