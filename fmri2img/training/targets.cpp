#include "fmri2img/training/targets.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/data/latents.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/models/pixels_codec.h"
#include "fmri2img/training/encode_pictures.h"

namespace fmri2img::training {
namespace {

bool is_grey(const at::Tensor& picture) {  // [H, W, 3]
  const at::Tensor red = picture.select(2, 0);
  return at::equal(red, picture.select(2, 1)) && at::equal(red, picture.select(2, 2));
}

data::Latents open_latents(const data::Subject& subject) {
  const auto file = subject.latents();
  FMRI2IMG_CHECK(
      file.has_value(),
      "--codec vae: \"{}\" has no training_split/fMRI_VAE.npy; make it with fmri2img encode, or use --codec pixels",
      subject.path().string());
  return {*file, subject.num_rows(data::Partition::kTrain)};
}

models::LatentShape shape_of(const data::Latents& latents) {
  return {latents.channels(), latents.height(), latents.width()};
}

Targets stored_latents(const data::Subject& subject, const std::vector<int64_t>& rows) {
  const data::Latents latents = open_latents(subject);
  const Json unrecorded = {{"name", "vae"}, {"latent_shape", {latents.channels(), latents.height(), latents.width()}}};
  return {read_latents_codec(latents.path()).value_or(unrecorded), shape_of(latents), latents.gather(rows)};
}

models::PixelsCodec pixels_codec(const at::Tensor& picture, bool grey) {
  return models::PixelsCodec(models::PixelsCodec::size_for({picture.size(0), picture.size(1), grey ? 1 : 3}));
}

/// Two passes, so that colour is decided before anything is kept: pictures are small beside responses.
Targets pixels(const data::Subject& subject, const std::vector<int64_t>& rows) {
  const data::Pictures& pictures = subject.pictures(data::Partition::kTrain);
  const at::Tensor first = pictures.load(rows.front());
  bool grey = true;
  for (const int64_t row : rows) {
    if (grey = is_grey(pictures.load(row)); !grey) break;
  }
  models::PixelsCodec codec = pixels_codec(first, grey);
  std::vector<at::Tensor> latents;
  for (const int64_t row : rows) {
    const at::Tensor picture = pictures.load(row).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div_(255);
    latents.push_back(codec.encode(picture, {}));
  }
  return {codec.config(), codec.latent_shape(), at::cat(latents)};
}

bool wants_stored_latents(const data::Subject& subject, const std::string& codec) {
  FMRI2IMG_CHECK_USAGE(
      codec.empty() || codec == "vae" || codec == "pixels", "--codec {}: expected vae or pixels", codec);
  return codec == "vae" || (codec.empty() && subject.latents().has_value());
}

}  // namespace

Targets load_targets(const data::Subject& subject, const std::string& codec, const std::vector<int64_t>& rows) {
  return wants_stored_latents(subject, codec) ? stored_latents(subject, rows) : pixels(subject, rows);
}

models::LatentShape target_shape(const data::Subject& subject,
                                 const std::string& codec,
                                 const std::vector<int64_t>& rows) {
  if (wants_stored_latents(subject, codec)) return shape_of(open_latents(subject));
  const at::Tensor first = subject.pictures(data::Partition::kTrain).load(rows.front());
  return pixels_codec(first, is_grey(first)).latent_shape();
}

}  // namespace fmri2img::training
