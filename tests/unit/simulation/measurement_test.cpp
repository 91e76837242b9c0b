#include "fmri2img/simulation/measurement.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace fmri2img::simulation {
namespace {

TEST(Measurement, DrawsNcsnrAroundItsMedian) {
  const Anatomy anatomy(5000, 5000);
  const Measurement measurement(anatomy, .5, 1, 1);
  std::vector<float> early;
  for (int64_t v = 0; v < anatomy.size(); ++v) {
    if (anatomy.area(v).regions.front() == "EBA") early.push_back(measurement.ncsnr()[static_cast<size_t>(v)]);
  }
  std::sort(early.begin(), early.end());
  const auto quantile = [&](double q) { return early[static_cast<size_t>(q * static_cast<double>(early.size()))]; };
  // Log-normal: the 16 % and 84 % quantiles are a factor exp(.4) from the median.
  EXPECT_NEAR(quantile(.5), .5, .04);
  EXPECT_NEAR(quantile(.8413) / quantile(.5), std::exp(.4), .12);
  EXPECT_NEAR(quantile(.5) / quantile(.1587), std::exp(.4), .12);
}

TEST(Measurement, AveragesThreeStandardisedTrials) {
  const Anatomy anatomy(60, 60);
  const Measurement measurement(anatomy, .5, 1, 1);
  constexpr int64_t kPictures = 4000;
  at::Tensor responses = at::zeros({kPictures, 120});
  for (int64_t i = 0; i < kPictures; ++i) measurement.measure(responses[i].mutable_data_ptr<float>(), i);
  const at::Tensor found = responses.var(0, /*unbiased=*/false);
  for (int64_t v = 0; v < 120; ++v) {
    // Without a signal: noise of variance 1 / (3 ncsnr^2), divided by a single trial's 1 + 1 / ncsnr^2.
    const double inverse = 1 / std::pow(measurement.ncsnr()[static_cast<size_t>(v)], 2);
    const double expected = inverse / 3 / (1 + inverse);
    EXPECT_NEAR(found[v].item<double>(), expected, .15 * expected) << "vertex " << v;
  }
}

TEST(Measurement, KeepsTheSignalInProportion) {
  const Anatomy anatomy(60, 60);
  const Measurement measurement(anatomy, .5, 1, 1);
  at::Tensor without = at::zeros({120});
  at::Tensor with = at::ones({120});
  measurement.measure(without.mutable_data_ptr<float>(), 7);
  measurement.measure(with.mutable_data_ptr<float>(), 7);
  for (int64_t v = 0; v < 120; ++v) {
    const double inverse = 1 / std::pow(measurement.ncsnr()[static_cast<size_t>(v)], 2);
    EXPECT_NEAR((with - without)[v].item<double>(), 1 / std::sqrt(1 + inverse), 1e-5);
  }
}

TEST(Measurement, NoiseCeilingIsTheExplainableShare) {
  const Measurement measurement(Anatomy(60, 60), .5, 1, 1);
  const double squared = std::pow(measurement.ncsnr()[3], 2);
  EXPECT_NEAR(measurement.noise_ceiling()[3].item<double>(), squared / (squared + 1.0 / 3), 1e-6);
}

}  // namespace
}  // namespace fmri2img::simulation
