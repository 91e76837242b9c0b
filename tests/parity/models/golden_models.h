#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>

#include "fmri2img/io/safetensors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {

/// A file of tests/data/models, made by tools/parity/autoencoders.py.
inline io::StateDict golden(const std::string& name) {
  return io::read_safetensors(testing::test_data("models") / name);
}

/// The largest difference, relative to the largest expected value.
inline double relative_difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) return std::numeric_limits<double>::infinity();
  return ((found - expected).abs().max() / expected.abs().max()).item<double>();
}

#define EXPECT_CLOSE(found, expected, tolerance) EXPECT_LT(relative_difference(found, expected), tolerance)

}  // namespace fmri2img::models
