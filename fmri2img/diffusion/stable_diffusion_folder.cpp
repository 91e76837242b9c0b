#include "fmri2img/diffusion/stable_diffusion_folder.h"

#include <fmt/ranges.h>

#include <set>
#include <string>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/log.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

/// A missing file by the name that the message gives it; "" where it is there.
std::string missing_part(const fs::path& folder, const std::string& file) {
  return fs::exists(folder / file) ? "" : file;
}

std::vector<std::string> missing_parts(const fs::path& folder) {
  std::vector<std::string> missing;
  for (const char* file : {"unet/config.json", "vae/config.json", "text_encoder/config.json", "scheduler/scheduler_config.json"}) {
    if (std::string part = missing_part(folder, file); !part.empty()) missing.push_back(std::move(part));
  }
  const bool pair = fs::exists(folder / "tokenizer/vocab.json") && fs::exists(folder / "tokenizer/merges.txt");
  if (!pair && !fs::exists(folder / "tokenizer/tokenizer.json"))
    missing.emplace_back("tokenizer/ (vocab.json and merges.txt, or tokenizer.json)");
  return missing;
}

void check_pipeline_class(const fs::path& folder) {
  const fs::path index = folder / "model_index.json";
  if (!fs::exists(index)) return;
  const Json json = read_json(index);
  static const std::set<std::string> kKnown = {"StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline",
                                               "LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"};
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
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool lora = name.find("lora") != std::string::npos && entry.is_regular_file();
    if (name == "safety_checker" || lora) unused.push_back(name);
  }
  return unused;
}

}  // namespace

void check_stable_diffusion_folder(const fs::path& folder) {
  FMRI2IMG_CHECK(fs::is_directory(folder),
                 "\"{}\" is {}; expected a Stable Diffusion folder in the layout of diffusers",
                 folder.string(),
                 fs::exists(folder) ? "a file" : "not there");
  const std::vector<std::string> missing = missing_parts(folder);
  FMRI2IMG_CHECK(missing.empty(),
                 "\"{}\" is not a whole Stable Diffusion folder in the layout of diffusers: missing are {}",
                 folder.string(),
                 fmt::join(missing, ", "));
  check_pipeline_class(folder);
  static std::set<std::string> told;
  const std::vector<std::string> unused = unused_parts(folder);
  if (!unused.empty() && told.insert(folder.string()).second)
    log_warning("\"{}\": {} {} not used", folder.string(), fmt::join(unused, ", "), unused.size() == 1 ? "is" : "are");
}

}  // namespace fmri2img::diffusion
