#include "fmri2img/diffusion/stable_diffusion_folder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/lower_case.h"
#include "fmri2img/io/lora_file.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

bool is_safety_checker(const fs::path& path) {
  return lower_case(path.filename().string()) == "safety_checker";
}

std::string named(const StableDiffusionPart& part) {
  return part.files.empty() ? part.path : fmt::format("{}/ ({})", part.path, part.files);
}

}  // namespace

std::vector<StableDiffusionPart> missing_parts(const fs::path& folder) {
  std::vector<StableDiffusionPart> missing;
  for (const char* file :
       {"unet/config.json", "vae/config.json", "text_encoder/config.json", "scheduler/scheduler_config.json"}) {
    if (!fs::exists(folder / file)) missing.push_back({file, ""});
  }
  const bool pair = fs::exists(folder / "tokenizer/vocab.json") && fs::exists(folder / "tokenizer/merges.txt");
  if (!pair && !fs::exists(folder / "tokenizer/tokenizer.json"))
    missing.push_back({"tokenizer", "vocab.json and merges.txt, or tokenizer.json"});
  return missing;
}

void check_pipeline_class(const fs::path& folder) {
  const fs::path index = folder / "model_index.json";
  if (!fs::exists(index)) return;
  const Json json = read_json(index);
  static const std::set<std::string> kKnown = {"StableDiffusionPipeline",
                                               "StableDiffusionImg2ImgPipeline",
                                               "LatentConsistencyModelPipeline",
                                               "LatentConsistencyModelImg2ImgPipeline"};
  const std::string name = json.is_object() && json.contains("_class_name") && json["_class_name"].is_string()
                               ? json["_class_name"].get<std::string>()
                               : "";
  FMRI2IMG_CHECK(kKnown.contains(name),
                 "\"{}\": \"_class_name\" is \"{}\"; supported are the pipelines of Stable Diffusion 1.x and 2.x: {}",
                 index.string(),
                 name,
                 fmt::join(kKnown, ", "));
}

std::vector<std::string> unused_parts(const fs::path& folder) {
  std::vector<std::string> unused;
  for (const char* part : {"", "unet", "text_encoder"}) {
    if (!fs::is_directory(folder / part)) continue;
    for (const auto& entry : fs::directory_iterator(folder / part)) {
      if (is_safety_checker(entry.path()) || io::is_lora_file(entry.path()))
        unused.push_back((part / entry.path().filename()).string());
    }
  }
  std::ranges::sort(unused);
  return unused;
}

void check_latent_channels(const models::UNetOptions& unet,
                           const models::AutoencoderKLOptions& vae,
                           const fs::path& folder) {
  const bool fits = unet.in_channels == vae.latent_channels && unet.out_channels == vae.latent_channels;
  FMRI2IMG_CHECK(fits,
                 "\"{}\": the unet takes {} channels and gives {}, the vae's latents have {}: not a folder for "
                 "image-to-image",
                 folder.string(),
                 unet.in_channels,
                 unet.out_channels,
                 vae.latent_channels);
}

void check_text_width(const models::UNetOptions& unet,
                      const models::ClipTextOptions& text_encoder,
                      const fs::path& folder) {
  const int64_t width = text_encoder.encoder.hidden_size;
  FMRI2IMG_CHECK(width == unet.cross_attention_dim,
                 "\"{}\": the text encoder gives {} numbers a token, the unet takes {} (\"cross_attention_dim\")",
                 folder.string(),
                 width,
                 unet.cross_attention_dim);
}

void check_token_embeddings(const text::BytePairTokenizer& tokenizer,
                            const models::ClipTextOptions& text_encoder,
                            const fs::path& folder) {
  const text::Vocabulary& vocabulary = tokenizer.vocabulary();
  const auto& [token, id] =
      *std::ranges::max_element(vocabulary.ids, {}, [](const auto& entry) { return entry.second; });
  const auto added = vocabulary.added.find(token);
  const std::string quoted_folder = fmt::format("\"{}\"", (folder / "tokenizer").string());
  FMRI2IMG_CHECK(id < text_encoder.vocab_size,
                 "{}: the token \"{}\" has the id {}, \"{}\" has embeddings for 0 to {} (\"vocab_size\"): copy the "
                 "text encoder that was saved with this tokenizer",
                 added == vocabulary.added.end() ? quoted_folder : added->second.where,
                 token,
                 id,
                 (folder / "text_encoder/config.json").string(),
                 text_encoder.vocab_size - 1);
}

void check_stable_diffusion_folder(const fs::path& folder) {
  FMRI2IMG_CHECK(fs::is_directory(folder),
                 "\"{}\" is {}; expected a Stable Diffusion folder in the layout of diffusers",
                 folder.string(),
                 fs::exists(folder) ? "a file" : "not there");
  std::vector<std::string> missing;
  for (const StableDiffusionPart& part : missing_parts(folder)) missing.push_back(named(part));
  FMRI2IMG_CHECK(
      missing.empty(),
      "\"{}\" is not a whole Stable Diffusion folder in the layout of diffusers: missing are {}; copy what is "
      "missing from where the model came from",
      folder.string(),
      fmt::join(missing, ", "));
  check_pipeline_class(folder);
  static std::set<std::string> told;
  const std::vector<std::string> unused = unused_parts(folder);
  if (!unused.empty() && told.insert(fs::canonical(folder).string()).second)
    log_warning("\"{}\": {} {} not used", folder.string(), fmt::join(unused, ", "), unused.size() == 1 ? "is" : "are");
}

}  // namespace fmri2img::diffusion
