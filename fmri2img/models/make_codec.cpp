#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/models/pixels_codec.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kLongestLatentSide = 1024;

std::pair<int64_t, int64_t> latent_size(const Json& config) {
  JsonFields fields(config, "the decoder's codec");
  const auto shape = fields.require<std::array<int64_t, 3>>("latent_shape");
  FMRI2IMG_CHECK(shape[1] >= 1 && shape[2] >= 1 && shape[1] <= kLongestLatentSide && shape[2] <= kLongestLatentSide,
                 "the decoder's codec: \"latent_shape\" is {}, expected at most {} a side",
                 config["latent_shape"].dump(),
                 kLongestLatentSide);
  return {shape[1], shape[2]};
}

void require_equal(const Json& wanted, const Json& found, const std::string& key, const std::string& folder) {
  if (!wanted.contains(key) || wanted[key] == found[key]) return;
  fail(
      ErrorKind::kMismatch,
      "--codec-model: \"{}\" is not the autoencoder that this decoder was trained for: its {} is {}, expected {}; give "
      "the folder that \"fmri2img encode\" used",
      folder,
      key,
      found[key].dump(),
      wanted[key].dump());
}

}  // namespace

std::unique_ptr<LatentCodec> make_codec(const Json& config,
                                        const std::optional<std::filesystem::path>& codec_model,
                                        at::ScalarType dtype,
                                        at::Device device) {
  FMRI2IMG_CHECK(config.is_object() && config.contains("name") && config["name"].is_string(),
                 "the decoder's codec has no name: {}",
                 config.dump());
  const auto name = config["name"].get<std::string>();
  if (name == "pixels") return std::make_unique<PixelsCodec>(config);
  FMRI2IMG_CHECK(name == "vae" || name == "tiny", "the decoder's codec \"{}\" is unknown to this version", name);
  FMRI2IMG_CHECK_USAGE(codec_model.has_value(),
                       "this decoder predicts latents of the codec \"{}\", which needs its weights: give their folder "
                       "with --codec-model",
                       name);
  auto codec = open_codec(*codec_model, {.latent_size = latent_size(config), .dtype = dtype, .device = device});
  const std::string folder = codec_model->string();
  if (!config.contains("fingerprint"))
    log_warning("no record of which autoencoder made this decoder's latents: taking \"{}\"", folder);
  for (const char* key : {"fingerprint", "scaling_factor", "shift_factor", "latent_shape"})
    require_equal(config, codec->config(), key, folder);
  return codec;
}

}  // namespace fmri2img::models
