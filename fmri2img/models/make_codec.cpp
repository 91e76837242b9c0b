#include "fmri2img/core/check.h"
#include "fmri2img/models/pixels_codec.h"

namespace fmri2img::models {

std::unique_ptr<LatentCodec> make_codec(const Json& config, const std::optional<std::filesystem::path>& codec_model) {
  FMRI2IMG_CHECK(config.is_object() && config.contains("name") && config["name"].is_string(),
                 "the decoder's codec has no name: {}",
                 config.dump());
  const auto name = config["name"].get<std::string>();
  if (name == "pixels") return std::make_unique<PixelsCodec>(config);
  const std::string given = codec_model ? fmt::format(" (given: \"{}\")", codec_model->string()) : "";
  fail(ErrorKind::kBadInput, "the codec \"{}\" cannot be used here, only pixels can{}", name, given);
}

}  // namespace fmri2img::models
