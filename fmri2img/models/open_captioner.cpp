#include "fmri2img/core/check.h"
#include "fmri2img/models/blip/blip_captioner.h"
#include "fmri2img/models/captioner.h"

namespace fmri2img::models {

std::unique_ptr<Captioner> open_captioner(const std::filesystem::path& folder, const CaptionerOptions& options) {
  namespace fs = std::filesystem;
  FMRI2IMG_CHECK(fs::is_directory(folder),
                 "\"{}\" is {}; expected the folder of a BLIP captioning model",
                 folder.string(),
                 fs::exists(folder) ? "a file" : "not there");
  const fs::path blip = fs::exists(folder / "config.json") ? folder : folder / "blip";
  FMRI2IMG_CHECK(fs::exists(blip / "config.json"),
                 "\"{}\" is not the folder of a BLIP captioning model: it has neither config.json nor blip/config.json",
                 folder.string());
  return std::make_unique<BlipCaptioner>(blip, options);
}

}  // namespace fmri2img::models
