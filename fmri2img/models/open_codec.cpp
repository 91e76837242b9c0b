#include "fmri2img/core/check.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/models/tiny_codec.h"
#include "fmri2img/models/vae_codec.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<LatentCodec> open_diffusers(const fs::path& folder, const CodecOptions& options) {
  const fs::path config = folder / "config.json";
  const Json json = read_json(config);
  const std::string kind = json.is_object() && json.contains("_class_name") ? json["_class_name"].dump() : "";
  if (kind == "\"AutoencoderKL\"") return std::make_unique<VaeCodec>(folder, options);
  if (kind == "\"AutoencoderTiny\"") return std::make_unique<TinyCodec>(read_autoencoder_tiny_source(folder), options);
  fail(ErrorKind::kBadInput,
       "\"{}\": \"_class_name\" is {}; expected \"AutoencoderKL\" or \"AutoencoderTiny\"",
       config.string(),
       kind.empty() ? "missing" : kind);
}

}  // namespace

std::unique_ptr<LatentCodec> open_codec(const fs::path& model_folder, const CodecOptions& options) {
  FMRI2IMG_CHECK(fs::is_directory(model_folder),
                 "\"{}\" is {}; expected the folder of an autoencoder",
                 model_folder.string(),
                 fs::exists(model_folder) ? "a file" : "not there");
  if (fs::exists(model_folder / "config.json")) return open_diffusers(model_folder, options);
  if (fs::exists(model_folder / "vae" / "config.json")) return open_diffusers(model_folder / "vae", options);
  return std::make_unique<TinyCodec>(read_autoencoder_tiny_source(model_folder), options);
}

}  // namespace fmri2img::models
