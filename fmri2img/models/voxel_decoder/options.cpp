#include "fmri2img/models/voxel_decoder/options.h"

#include "fmri2img/core/check.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kNormGroups = 32;

int64_t start_of(int64_t size, size_t levels) {
  const int64_t factor = int64_t{1} << (levels - 1);
  return (size + factor - 1) / factor;
}

}  // namespace

void VoxelDecoderOptions::check() const {
  FMRI2IMG_CHECK_USAGE(num_inputs >= 1, "the voxel decoder needs at least one vertex, got {}", num_inputs);
  FMRI2IMG_CHECK_USAGE(width >= 1, "--width is {}, must be at least 1", width);
  FMRI2IMG_CHECK_USAGE(blocks >= 0, "--blocks is {}, must not be negative", blocks);
  FMRI2IMG_CHECK_USAGE(
      !channels.empty() && channels.size() <= 8, "--channels has {} entries, 1 to 8 are possible", channels.size());
  for (const int64_t count : channels) {
    FMRI2IMG_CHECK_USAGE(count > 0 && count % kNormGroups == 0,
                         "--channels holds {}, every entry must be a multiple of {}",
                         count,
                         kNormGroups);
  }
  FMRI2IMG_CHECK_USAGE(latent.channels >= 1 && latent.height >= 1 && latent.width >= 1,
                       "the latents are {} x {} x {}, every size must be at least 1",
                       latent.channels,
                       latent.height,
                       latent.width);
}

int64_t VoxelDecoderOptions::start_height() const {
  return start_of(latent.height, channels.size());
}
int64_t VoxelDecoderOptions::start_width() const {
  return start_of(latent.width, channels.size());
}

Json VoxelDecoderOptions::to_json() const {
  return {{"num_inputs", num_inputs},
          {"width", width},
          {"blocks", blocks},
          {"channels", channels},
          {"latent_shape", {latent.channels, latent.height, latent.width}}};
}

VoxelDecoderOptions VoxelDecoderOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  VoxelDecoderOptions options;
  options.num_inputs = fields.require<int64_t>("num_inputs");
  options.width = fields.require<int64_t>("width");
  options.blocks = fields.require<int64_t>("blocks");
  options.channels = fields.require<std::vector<int64_t>>("channels");
  const auto shape = fields.require<std::vector<int64_t>>("latent_shape");
  fields.finish();
  FMRI2IMG_CHECK(shape.size() == 3, "{}: \"latent_shape\" has {} numbers, expected 3", where, shape.size());
  options.latent = {shape[0], shape[1], shape[2]};
  with_context("while reading " + where, [&] { options.check(); });
  return options;
}

}  // namespace fmri2img::models
