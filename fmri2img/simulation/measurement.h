#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fmri2img/simulation/anatomy.h"

namespace fmri2img::simulation {

/// Times that a subject sees each picture.
inline constexpr int kRepeats = 3;

/// Turns noiseless responses into measured ones, as NSD's come: z-scored per vertex over single trials, then averaged
/// over the repeats.
///
/// Each vertex has its noise-ceiling signal-to-noise ratio, ncsnr (standard deviation of the signal over that of a
/// single trial's noise; Allen et al. 2022): log-normal with median `median_ncsnr` and sigma 0.4, kept within 0.16 to 3
/// times the median; 0.7 times that in parietal cortex and the temporal poles.
class Measurement {
 public:
  Measurement(const Anatomy& anatomy, double median_ncsnr, uint64_t seed, int64_t subject);

  /// Replaces the signals of one picture, standardised float32 [vertices], by its measured responses:
  /// (signal + noise / (ncsnr sqrt 3)) / sqrt(1 + 1 / ncsnr^2). The noise depends on seed, subject and `picture` alone.
  void measure(float* signals, int64_t picture) const;

  const std::vector<float>& ncsnr() const { return ncsnr_; }

  /// The share of a vertex's variance that a perfect model explains: ncsnr^2 / (ncsnr^2 + 1 / 3) for three repeats.
  /// Shape of the result: float32 [vertices].
  at::Tensor noise_ceiling() const;

 private:
  uint64_t seed_;
  uint64_t subject_;
  std::vector<float> ncsnr_;
  std::vector<float> signal_scale_;
  std::vector<float> noise_scale_;
};

}  // namespace fmri2img::simulation
