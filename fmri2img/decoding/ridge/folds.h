#pragma once

#include <cstdint>
#include <vector>

namespace fmri2img::decoding {

struct Fold {
  std::vector<int64_t> train;  ///< ascending
  std::vector<int64_t> test;   ///< ascending
};

/// Rows 0 .. rows - 1 dealt to `count` folds of equal size (to one), in an order drawn from `seed`.
/// REQUIRES: 2 <= count <= rows.
std::vector<Fold> make_folds(int64_t rows, int64_t count, uint64_t seed);

}  // namespace fmri2img::decoding
