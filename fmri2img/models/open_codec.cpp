#include <algorithm>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/models/tiny_codec.h"
#include "fmri2img/models/vae_codec.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> tiny_files(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("tae") && name.ends_with(ending)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::unique_ptr<LatentCodec> open_diffusers(const fs::path& folder, const CodecOptions& options) {
  const fs::path config = folder / "config.json";
  const Json json = read_json(config);
  const std::string kind = json.is_object() && json.contains("_class_name") ? json["_class_name"].dump() : "";
  if (kind == "\"AutoencoderKL\"") return std::make_unique<VaeCodec>(folder, options);
  if (kind == "\"AutoencoderTiny\"") return TinyCodec::from_diffusers(folder, options);
  fail(ErrorKind::kBadInput,
       "\"{}\": \"_class_name\" is {}; expected \"AutoencoderKL\" or \"AutoencoderTiny\"",
       config.string(),
       kind.empty() ? "missing" : kind);
}

std::unique_ptr<LatentCodec> open_tiny(const fs::path& folder, const CodecOptions& options) {
  const std::vector<fs::path> encoders = tiny_files(folder, "_encoder.pth");
  const std::vector<fs::path> decoders = tiny_files(folder, "_decoder.pth");
  FMRI2IMG_CHECK(!encoders.empty() || !decoders.empty(),
                 "\"{}\" is not the folder of an autoencoder: expected config.json with diffusion_pytorch_model.*, a "
                 "Stable Diffusion folder with vae/, or tae*_encoder.pth and tae*_decoder.pth",
                 folder.string());
  FMRI2IMG_CHECK(encoders.size() == 1 && decoders.size() == 1,
                 "\"{}\" holds {} tae*_encoder.pth and {} tae*_decoder.pth; expected one of each: put the two files of "
                 "one model into a folder of their own",
                 folder.string(),
                 encoders.size(),
                 decoders.size());
  return TinyCodec::from_files(encoders[0], decoders[0], options);
}

}  // namespace

std::unique_ptr<LatentCodec> open_codec(const fs::path& model_folder, const CodecOptions& options) {
  FMRI2IMG_CHECK(fs::is_directory(model_folder),
                 "\"{}\" is {}; expected the folder of an autoencoder",
                 model_folder.string(),
                 fs::exists(model_folder) ? "a file" : "not there");
  if (fs::exists(model_folder / "config.json")) return open_diffusers(model_folder, options);
  if (fs::exists(model_folder / "vae" / "config.json")) return open_diffusers(model_folder / "vae", options);
  return open_tiny(model_folder, options);
}

}  // namespace fmri2img::models
