#include "fmri2img/simulation/picture_pool.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/simulation/random_stream.h"

namespace fmri2img::simulation {
namespace {

using Ids = std::vector<int64_t>::iterator;

/// A random order (Fisher and Yates).
void shuffle(Ids begin, Ids end, RandomStream random) {
  for (int64_t i = end - begin - 1; i > 0; --i) std::swap(begin[i], begin[random.below(i + 1)]);
}

}  // namespace

PictureChoice choose_pictures(uint64_t seed, int64_t subject, int64_t train, int64_t test, int64_t untrained) {
  FMRI2IMG_ASSERT(train >= 0 && test >= 0 && test <= untrained && train + untrained <= kPicturePool);
  std::vector<int64_t> ids(kPicturePool);
  std::iota(ids.begin(), ids.end(), int64_t{0});
  shuffle(ids.begin(), ids.end(), RandomStream(seed, Use::kSharedPictures, 0));
  const Ids own = ids.begin() + untrained + train / 10;
  shuffle(own, ids.end(), RandomStream(seed, Use::kOwnPictures, static_cast<uint64_t>(subject)));
  PictureChoice choice{{ids.begin() + untrained, ids.begin() + untrained + train}, {ids.begin(), ids.begin() + test}};
  std::sort(choice.train.begin(), choice.train.end());
  std::sort(choice.test.begin(), choice.test.end());
  return choice;
}

}  // namespace fmri2img::simulation
