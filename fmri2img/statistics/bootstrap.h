#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace fmri2img::statistics {

/// A mean and the interval in which it would lie in 95 % of repetitions with other images.
struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;
};

constexpr int64_t kBootstrapResamples = 10000;

/// With fewer values a percentile interval is too narrow to conclude anything from it.
constexpr int64_t kFewestToJudge = 10;

/// The mean of `values` with its 95 % percentile bootstrap interval: the 2.5th and 97.5th percentile (linear between
/// ranks, as numpy.percentile) of the means of `resamples` draws of as many values with replacement.
///
/// One value alone gives an interval of no width; `values` measured on the same image are not independent: average them
/// first. REQUIRES: values not empty and finite. Randomness: PyTorch's CPU generator from `seed`; equal arguments give
/// equal intervals. Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
Interval bootstrap_mean(std::span<const double> values, uint64_t seed, int64_t resamples = kBootstrapResamples);

/// `bootstrap_mean` of many scores of the same images: the draws are made once, and each further score costs one
/// product. Its intervals are those of `bootstrap_mean` with the same seed, up to rounding.
class MeanBootstrap {
 public:
  MeanBootstrap(int64_t count, uint64_t seed, int64_t resamples = kBootstrapResamples);

  /// REQUIRES: `count` values, all finite.
  Interval interval(std::span<const double> values) const;

 private:
  at::Tensor draws_;  // [resamples, count] double: how often each image was drawn, over count
};

}  // namespace fmri2img::statistics
