#include "fmri2img/training/zoo/pictures/mixed_pictures.h"

#include <ATen/ATen.h>

#include <utility>

#include "fmri2img/training/zoo/pictures/blur.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kBlurredSharpShare = 0.2;
constexpr double kMostSharpBlur = 4;  // pixels
constexpr uint64_t kSharpOrderSeed = 41;
constexpr uint64_t kDecodedOrderSeed = 42;

}  // namespace

NormalisedBatch read_mixed_share(const MixedPictures& pictures,
                                 const Share& share,
                                 const models::ImageProcessorOptions& processor) {
  Share sharp = share, decoded = share;
  decoded.batch = pictures.decoded == nullptr ? 0 : share.batch / pictures.decoded_of;
  sharp.batch = share.batch - decoded.batch;
  CaptionedBatch batch = read_share(pictures.sharp, sharp, kSharpOrderSeed);
  NormalisedBatch mixed = {
      .pictures =
          blur_some(to_normalised(batch.pictures, processor), kBlurredSharpShare, kMostSharpBlur, share.generator),
      .captions = std::move(batch.captions)};
  if (pictures.decoded == nullptr) return mixed;
  const CaptionedBatch blurry = read_share(*pictures.decoded, decoded, kDecodedOrderSeed);
  mixed.pictures = at::cat({mixed.pictures, to_normalised(blurry.pictures, processor)});
  mixed.captions.insert(mixed.captions.end(), blurry.captions.begin(), blurry.captions.end());
  return mixed;
}

}  // namespace fmri2img::training
