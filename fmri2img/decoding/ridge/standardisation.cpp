#include "fmri2img/decoding/ridge/standardisation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <tuple>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kBlock = 4096;  // vertices converted to double at once

// A vertex whose spread is rounding of its own mean does not vary.
constexpr double kSmallestRelativeScale = 1e-6;

}  // namespace

Standardisation Standardisation::fit(const at::Tensor& responses) {
  const int64_t vertices = responses.size(1);
  Standardisation result{at::empty({vertices}, at::kFloat), at::empty({vertices}, at::kFloat)};
  for (int64_t first = 0; first < vertices; first += kBlock) {
    const int64_t count = std::min(kBlock, vertices - first);
    const auto [variance, mean] =
        at::var_mean(responses.narrow(1, first, count).to(at::kDouble), at::IntArrayRef{0}, /*unbiased=*/false);
    const at::Tensor bad = at::isfinite(variance).logical_not();
    FMRI2IMG_CHECK(!bad.any().item<bool>(),
                   "the responses of selected vertex {} hold a NaN or an infinity among the {} training rows: run "
                   "`fmri2img doctor` on the subject, which lists them, and leave those rows out with --train-rows",
                   first + bad.to(at::kInt).argmax().item<int64_t>(),
                   format_count(responses.size(0)));
    const at::Tensor scale = variance.sqrt();
    const at::Tensor constant = scale <= kSmallestRelativeScale * mean.abs();
    result.mean.narrow(0, first, count).copy_(mean);
    result.inverse_scale.narrow(0, first, count).copy_(scale.reciprocal().masked_fill_(constant, 0));
  }
  return result;
}

at::Tensor Standardisation::apply(const at::Tensor& responses) const {
  return (responses - mean).mul_(inverse_scale);
}

void Standardisation::apply_in_place(at::Tensor& responses) const {
  responses.sub_(mean).mul_(inverse_scale);
}

}  // namespace fmri2img::decoding
