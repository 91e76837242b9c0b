#pragma once

#include <numeric>
#include <vector>

#include "fmri2img/core/random.h"
#include "fmri2img/models/voxel_decoder/voxel_decoder.h"

namespace fmri2img::models::small {

constexpr int64_t kVertices = 40;

/// SMALL of tools/parity/voxel_decoder.py.
inline VoxelDecoderOptions options(int64_t num_inputs = kVertices) {
  return {.num_inputs = num_inputs, .width = 48, .blocks = 2, .channels = {32, 64}, .latent = {3, 8, 12}};
}

inline std::vector<int64_t> all_columns(int64_t count) {
  std::vector<int64_t> columns(static_cast<size_t>(count));
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

/// Weights drawn from `generator`, which stands ready for the dropout afterwards.
inline VoxelDecoder make(const at::Generator& generator) {
  VoxelDecoder model(options());
  model->reset_parameters(generator, all_columns(kVertices), kVertices);
  return model;
}

}  // namespace fmri2img::models::small
