#pragma once

#include <cstdint>
#include <vector>

namespace fmri2img::simulation {

/// As many pictures as NSD has. Picture `id` is scene number `id` of the seed, whoever looks at it.
inline constexpr int64_t kPicturePool = 73000;

/// Which pictures one subject sees: ids below kPicturePool, ascending, each once.
struct PictureChoice {
  std::vector<int64_t> train;
  std::vector<int64_t> test;
};

/// Test pictures and a tenth of the training pictures are the same for every subject of a seed, as in NSD; the other
/// training pictures are the subject's own draw. The seed's first `untrained` pictures are no subject's training
/// pictures, and the first `test` of them are tested on.
/// REQUIRES: test <= untrained, train + untrained <= kPicturePool.
PictureChoice choose_pictures(uint64_t seed, int64_t subject, int64_t train, int64_t test, int64_t untrained);

}  // namespace fmri2img::simulation
