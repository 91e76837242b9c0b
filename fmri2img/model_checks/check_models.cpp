#include "fmri2img/model_checks/check_models.h"

#include <algorithm>
#include <map>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/model_checks/model_checks.h"
#include "fmri2img/model_checks/zoo_hashes.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

using data::Severity;
using Check = std::function<void(Findings&, const fs::path&)>;

/// By what config.json calls the model, whichever library wrote it.
const std::map<std::string, Check>& checks_by_name() {
  static const std::map<std::string, Check> checks = {{"AutoencoderKL", check_autoencoder_kl},
                                                      {"AutoencoderTiny", check_autoencoder_tiny},
                                                      {"UNet2DConditionModel", check_unet},
                                                      {"blip", check_blip},
                                                      {"clip", check_clip},
                                                      {"clip_text_model", check_text_encoder},
                                                      {"clip_vision_model", check_clip},
                                                      {"fmri2img decoder", check_decoder}};
  return checks;
}

Check find_check_of_config(Findings& findings, const fs::path& config) {
  Json json;
  if (!can_read(findings, config, [&] { json = read_json(config); })) return {};
  std::string name;
  for (const char* key : {"_class_name", "model_type", "format"}) {
    if (json.is_object() && json.contains(key) && json[key].is_string()) name = json[key].get<std::string>();
    if (const auto found = checks_by_name().find(name); found != checks_by_name().end()) return found->second;
  }
  findings.add(Severity::kError,
               "model-unknown",
               config,
               name.empty() ? "names no model" : fmt::format("is of a model \"{}\", which is not known", name),
               "known are Stable Diffusion, CLIP, BLIP, AutoencoderKL, AutoencoderTiny and decoders");
  return {};
}

bool holds_tiny_halves(const fs::path& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder), [](const auto& entry) {
    const std::string name = entry.path().filename().string();
    return name.starts_with("tae") && (name.ends_with("_encoder.pth") || name.ends_with("_decoder.pth"));
  });
}

/// An empty function where the model is not known, which is then among the findings.
Check find_check(Findings& findings, const fs::path& path) {
  if (!fs::is_directory(path)) return check_clip;
  if (fs::exists(path / "model_index.json") || fs::is_directory(path / "unet")) return check_stable_diffusion;
  if (fs::exists(path / "config.json")) return find_check_of_config(findings, path / "config.json");
  if (holds_tiny_halves(path)) return check_autoencoder_tiny;
  const bool zoo = fs::is_directory(path / "stable-diffusion") || fs::is_directory(path / "clip");
  findings.add(Severity::kError,
               "model-unknown",
               path,
               "is not the folder of a model: it has neither model_index.json nor config.json",
               zoo ? "it looks like a zoo: use --zoo" : "name the folder that has the file (of a zoo use --zoo)");
  return {};
}

struct ZooPart {
  const char* name;
  const char* option;
  Check check;
};

/// Returns whether it is there.
bool check_zoo_part(Findings& findings, const fs::path& zoo, const ZooPart& part) {
  const fs::path folder = zoo / part.name;
  if (fs::is_directory(folder)) {
    part.check(findings, folder);
    return true;
  }
  findings.add(Severity::kWarning,
               "zoo-part-missing",
               folder,
               "there is no such folder",
               fmt::format("put the model there, or name one elsewhere with {}", part.option));
  return false;
}

}  // namespace

std::vector<data::Finding> check_model(const fs::path& folder_or_file) {
  Findings findings(folder_or_file);
  if (!fs::exists(folder_or_file)) {
    findings.add(Severity::kError, "model-missing", folder_or_file, "is not there", "name a model's folder");
  } else if (const Check check = find_check(findings, folder_or_file)) {
    check(findings, folder_or_file);
  }
  return findings.all();
}

std::vector<data::Finding> check_zoo(const fs::path& folder) {
  Findings findings(folder);
  if (!fs::is_directory(folder)) {
    findings.add(Severity::kError,
                 "model-missing",
                 folder,
                 "there is no such folder",
                 "name the folder that has stable-diffusion/, clip/ and blip/ in it");
    return findings.all();
  }
  bool any = false;
  for (const ZooPart& part : {ZooPart{"stable-diffusion", "--stable-diffusion", check_stable_diffusion},
                              ZooPart{"clip", "--clip", check_clip},
                              ZooPart{"blip", "--blip", check_blip}}) {
    any = check_zoo_part(findings, folder, part) || any;
  }
  for (const DifferentFile& file : different_files(folder)) {
    findings.add(Severity::kError,
                 file.missing ? "zoo-file-missing" : "zoo-file-altered",
                 file.path,
                 file.missing ? "is missing" : "is altered",
                 fmt::format("it is not as in {}: {}", kZooHashes, kRestoreAdvice));
  }
  if (!any) findings.add(Severity::kError, "zoo-empty", folder, "holds no model", "of one model's folder use --model");
  return findings.all();
}

}  // namespace fmri2img::model_checks
