#include "fmri2img/training/zoo/pictures/latent_pictures.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/lessons/parallel_replicas.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kEncodedTogether = 32;

void check_picture_size(const models::LatentCodec& codec, int64_t side, const std::filesystem::path& vae) {
  const models::PictureSize size = codec.picture_size();
  FMRI2IMG_CHECK(size.height == side && size.width == side,
                 "\"{}\" encodes pictures of {} x {}; those to learn from are {} x {}: train it on them first",
                 vae.string(),
                 size.height,
                 size.width,
                 side,
                 side);
}

}  // namespace

LatentPictures encode_captioned(const CaptionedPictures& pictures,
                                int64_t count,
                                const std::filesystem::path& vae,
                                const text::BytePairTokenizer& tokenizer,
                                uint64_t seed) {
  const int64_t total = std::min(count, pictures.size());
  const auto shape = models::open_codec(vae)->latent_shape();
  LatentPictures encoded = {.latents = at::empty({total, shape.channels, shape.height, shape.width}, at::kHalf),
                            .ids = at::empty({total, tokenizer.max_length()}, at::kLong)};
  Progress progress("encoding pictures", "pictures", total);
  for_each_replica([&](size_t replica) {
    const at::NoGradGuard no_grad;
    const auto codec = models::open_codec(vae);
    check_picture_size(*codec, pictures.side(), vae);
    const auto stride = kEncodedTogether * static_cast<int64_t>(kReplicas);
    for (int64_t first = static_cast<int64_t>(replica) * kEncodedTogether; first < total; first += stride) {
      if (interrupt_requested()) return;
      const int64_t size = std::min(kEncodedTogether, total - first);
      std::vector<int64_t> rows(static_cast<size_t>(size));
      std::iota(rows.begin(), rows.end(), first);
      const CaptionedBatch batch = pictures.read(rows);
      const at::Generator generator = make_generator(splitmix64(seed ^ splitmix64(static_cast<uint64_t>(first))));
      const at::Tensor latents = codec->encode(batch.pictures.to(at::kFloat).div_(255), generator);
      encoded.latents.narrow(0, first, size).copy_(latents);
      encoded.ids.narrow(0, first, size).copy_(clip_ids(tokenizer, batch.captions));
      if (replica == 0) progress.advance(std::min(stride, total - first));
    }
  });
  stop_if_interrupted("run the same command again to go on");
  return encoded;
}

}  // namespace fmri2img::training
