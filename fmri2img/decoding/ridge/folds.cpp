#include "fmri2img/decoding/ridge/folds.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"

namespace fmri2img::decoding {

std::vector<Fold> make_folds(int64_t rows, int64_t count, uint64_t seed) {
  FMRI2IMG_ASSERT(count >= 2 && count <= rows);
  const at::Tensor order = at::randperm(rows, make_generator(seed), at::kLong);
  std::vector<int64_t> fold_of(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) {
    fold_of[static_cast<size_t>(order[i].item<int64_t>())] = i % count;
  }
  std::vector<Fold> folds(static_cast<size_t>(count));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t k = 0; k < count; ++k) {
      Fold& fold = folds[static_cast<size_t>(k)];
      (fold_of[static_cast<size_t>(row)] == k ? fold.test : fold.train).push_back(row);
    }
  }
  return folds;
}

}  // namespace fmri2img::decoding
