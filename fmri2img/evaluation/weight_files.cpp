#include "fmri2img/evaluation/weight_files.h"

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/mapped_file.h"

namespace fmri2img::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr size_t kShownHashDigits = 8;

/// The name without its ending; nothing for a file that is no weight file.
std::optional<std::string> stem_of(const std::string& name) {
  for (const std::string ending : {".pth.tar", ".pth", ".pt", ".safetensors"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return std::nullopt;
}

bool fits(const std::string& stem, const std::string& beginning) {
  return beginning.ends_with("-") ? stem.starts_with(beginning) : stem == beginning;
}

}  // namespace

std::optional<fs::path> find_weight_file(const fs::path& folder, const WeightFileNames& names) {
  FMRI2IMG_CHECK(fs::is_directory(folder), "--metric-weights \"{}\" is no folder", folder.string());
  for (const std::string& beginning : names.beginnings) {
    std::optional<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto stem = stem_of(entry.path().filename().string());
      if (!stem || !fits(*stem, beginning)) continue;
      FMRI2IMG_CHECK(!found,
                     "\"{}\" and \"{}\" could both be {}: leave one of them in the folder",
                     found->string(),
                     entry.path().string(),
                     names.wanted);
      found = entry.path();
    }
    if (found) return found;
  }
  return std::nullopt;
}

std::string weight_hash(const fs::path& path) {
  if (fs::is_directory(path)) return fingerprint_model(path);
  return "sha256:" + sha256(MappedFile(path).bytes());
}

std::string short_hash(const std::string& hash) {
  return hash.substr(hash.find(':') + 1, kShownHashDigits);
}

}  // namespace fmri2img::evaluation
