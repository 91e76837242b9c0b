#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "fmri2img/io/safetensors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {

/// Files of tests/data/clip, made by tools/parity/clip.py.
inline std::filesystem::path clip_data(const std::string& name) {
  return testing::test_data("clip") / name;
}

inline io::StateDict clip_answers(const std::string& name) {
  return io::read_safetensors(clip_data(name + "_answers.safetensors"));
}

/// uint8 [H, W, 3], of four sizes.
inline std::vector<at::Tensor> golden_pictures() {
  const io::StateDict tensors = clip_answers("clip");
  std::vector<at::Tensor> pictures;
  for (int i = 0; i < 4; ++i) pictures.push_back(tensors.at("picture_" + std::to_string(i)));
  return pictures;
}

/// The largest difference, relative to the largest expected value.
inline double largest_difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) return std::numeric_limits<double>::infinity();
  return ((found - expected).abs().max() / expected.abs().max()).item<double>();
}

#define EXPECT_WITHIN(found, expected, tolerance) EXPECT_LE(largest_difference(found, expected), tolerance)

constexpr double kFloatTolerance = 1e-5;

/// Measured: 0.5 to 1.2 % on these networks (float32: at most 4e-7).
constexpr double kBfloat16Tolerance = 0.03;

}  // namespace fmri2img::models
