#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace fmri2img::simulation {

/// Brings numbers to mean 0 and variance 1 as a sample of them had to be.
struct Standard {
  float mean = 0;
  float scale = 1;

  float operator()(float value) const { return (value - mean) * scale; }

  /// A sample that does not vary is brought to 0.
  static Standard of(const std::vector<float>& sample) {
    double sum = 0;
    double squares = 0;
    for (const float value : sample) sum += value;
    const double mean = sum / static_cast<double>(sample.size());
    for (const float value : sample) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(sample.size()));
    return {static_cast<float>(mean), deviation > 1e-6 ? static_cast<float>(1 / deviation) : 0};
  }
};

}  // namespace fmri2img::simulation
