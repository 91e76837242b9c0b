#include "fmri2img/experiments/noise_ceiling.h"

#include <ATen/ATen.h>

#include <limits>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/npy.h"

namespace fmri2img::experiments {
namespace {

constexpr double kSmallestCeiling = 1e-14;
constexpr int64_t kVerticesAtOnce = 4096;  // bounds the double-precision copies

void check_repeats(const at::Tensor& repeats) {
  FMRI2IMG_CHECK(repeats.dim() == 3 && repeats.numel() > 0 && !repeats.is_complex(),
                 "repeats have shape {}; expected pictures x repeats x vertices",
                 format_shape(repeats.sizes().vec()));
  FMRI2IMG_CHECK(repeats.size(1) >= 2,
                 "the repeats hold {} trial a picture: noise shows only where a picture was shown twice at least",
                 repeats.size(1));
}

/// A block of vertices: [N, R, v] double.
RepeatStatistics statistics_of(const at::Tensor& trials) {
  FMRI2IMG_CHECK(!trials.isinf().any().item<bool>(),
                 "the repeats hold infinite values: only NaN may stand for no trial");
  const at::Tensor there = trials.isnan().logical_not();
  const at::Tensor values = trials.masked_fill(there.logical_not(), 0);
  const at::Tensor count = there.sum(1).to(at::kDouble);  // [N, v]
  const at::Tensor shown = count > 0, repeated = count > 1;
  FMRI2IMG_CHECK(repeated.any(0).all().item<bool>(), "a vertex has no picture that was shown twice: NaN everywhere?");
  const at::Tensor mean = values.sum(1) / count.clamp_min(1);
  const at::Tensor deviation = (values - mean.unsqueeze(1)).masked_fill(there.logical_not(), 0);
  const at::Tensor variance = deviation.square().sum(1) / (count - 1).clamp_min(1);
  const at::Tensor noise = variance.masked_fill(repeated.logical_not(), 0).sum(0) / repeated.sum(0).to(at::kDouble);
  const at::Tensor all = count.sum(0);
  const at::Tensor from_grand_mean = (values - values.sum({0, 1}) / all).masked_fill(there.logical_not(), 0);
  const at::Tensor total = from_grand_mean.square().sum({0, 1}) / (all - 1).clamp_min(1);
  const at::Tensor signal = (total - noise).clamp_min(0);
  const at::Tensor inverse =
      (1 / count.clamp_min(1)).masked_fill(shown.logical_not(), 0).sum(0) / shown.sum(0).to(at::kDouble);
  // 0 / 0 is a vertex that never varies: it has no signal.
  return {at::nan_to_num((signal / noise).sqrt(), 0.0, std::numeric_limits<double>::infinity()), inverse};
}

at::Tensor read_part(const std::filesystem::path& file, int64_t vertices) {
  FMRI2IMG_CHECK(std::filesystem::exists(file),
                 "\"{}\" is missing: give the folder of the noise ceilings with --ceilings, or repeated measurements "
                 "with --repeats",
                 file.string());
  at::Tensor ceiling = io::read_npy(file).to(at::kDouble);
  FMRI2IMG_CHECK(ceiling.dim() == 1 && ceiling.size(0) == vertices,
                 "\"{}\" is {}, but there are {} vertices: is it of another subject?",
                 file.string(),
                 format_shape(ceiling.sizes().vec()),
                 format_count(vertices));
  FMRI2IMG_CHECK(((ceiling >= 0) & (ceiling <= 1)).all().item<bool>(),
                 "\"{}\" holds values outside 0 .. 1; expected shares of the variance, not per cent",
                 file.string());
  return ceiling;
}

}  // namespace

RepeatStatistics repeat_statistics(const at::Tensor& repeats) {
  check_repeats(repeats);
  std::vector<at::Tensor> ncsnr, inverse;
  for (const at::Tensor& block : repeats.split(kVerticesAtOnce, 2)) {
    const RepeatStatistics part = statistics_of(block.to(at::kDouble));
    ncsnr.push_back(part.ncsnr);
    inverse.push_back(part.inverse_trials);
  }
  return {at::cat(ncsnr), at::cat(inverse)};
}

at::Tensor noise_ceiling(const at::Tensor& ncsnr, const at::Tensor& inverse_trials) {
  // 1 / (1 + T / ncsnr^2), so that an infinite ratio gives 1 and none gives 0.
  return 1 / (1 + inverse_trials / ncsnr.square());
}

at::Tensor normalised_scores(const at::Tensor& correlations, const at::Tensor& ceilings) {
  const at::Tensor explained = at::nan_to_num(correlations, 0.0).clamp_min(0).square();
  return (explained / ceilings.masked_fill(ceilings == 0, kSmallestCeiling) * 100).clamp_max(100);
}

at::Tensor read_ceilings(const std::filesystem::path& folder, const data::Subject& subject) {
  const std::vector<int64_t>& widths = subject.responses(data::Partition::kTrain).vertices_of_files();
  if (widths.size() == 1) return read_part(folder / "noise_ceiling.npy", widths[0]);
  return at::cat(
      {read_part(folder / "lh_noise_ceiling.npy", widths[0]), read_part(folder / "rh_noise_ceiling.npy", widths[1])});
}

}  // namespace fmri2img::experiments
