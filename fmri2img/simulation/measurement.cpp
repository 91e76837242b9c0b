#include "fmri2img/simulation/measurement.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "fmri2img/simulation/random_stream.h"

namespace fmri2img::simulation {
namespace {

constexpr float kSpread = 0.4F;  // sigma of ln(ncsnr)
constexpr float kWeakShare = 0.7F;
constexpr std::array<std::string_view, 6> kWeakRegions = {
    "parietal", "midparietal", "aTL-faces", "mTL-words", "mTL-faces", "mTL-bodies"};

bool is_weak(const Area& area) {
  return std::find_first_of(area.regions.begin(), area.regions.end(), kWeakRegions.begin(), kWeakRegions.end()) !=
         area.regions.end();
}

}  // namespace

Measurement::Measurement(const Anatomy& anatomy, double median_ncsnr, uint64_t seed, int64_t subject)
    : seed_(seed), subject_(static_cast<uint64_t>(subject)) {
  const auto median = static_cast<float>(median_ncsnr);
  RandomStream random(seed, Use::kNoise, subject_, ~uint64_t{0});
  for (int64_t v = 0; v < anatomy.size(); ++v) {
    const float drawn = median * std::exp(kSpread * random.normal());
    const float kept = std::clamp(drawn, .16F * median, 3 * median);
    ncsnr_.push_back(is_weak(anatomy.area(v)) ? kWeakShare * kept : kept);
    const float single_trial = std::sqrt(1 + 1 / (ncsnr_.back() * ncsnr_.back()));
    signal_scale_.push_back(1 / single_trial);
    noise_scale_.push_back(1 / (ncsnr_.back() * std::sqrt(static_cast<float>(kRepeats)) * single_trial));
  }
}

void Measurement::measure(float* signals, int64_t picture) const {
  RandomStream random(seed_, Use::kNoise, subject_, static_cast<uint64_t>(picture));
  for (size_t v = 0; v < ncsnr_.size(); ++v) {
    signals[v] = signal_scale_[v] * signals[v] + noise_scale_[v] * random.normal();
  }
}

at::Tensor Measurement::noise_ceiling() const {
  const at::Tensor ncsnr = at::tensor(ncsnr_, at::kFloat);
  return ncsnr.square() / (ncsnr.square() + 1.0 / kRepeats);
}

}  // namespace fmri2img::simulation
