#pragma once

#include <cstdint>

namespace fmri2img::simulation {

/// What random numbers are for: streams of different uses share nothing.
enum class Use : uint64_t { kScene = 1, kTexture, kSharedPictures, kOwnPictures, kVertex, kNoise };

/// Random numbers that belong to one thing (a scene, a vertex, a trial), whatever else was drawn before.
///
/// The numbers depend on the key alone: `n`-th draw = splitmix64(key + n golden ratios). So pieces can be made in any
/// order, by any number of threads, and a longer run repeats the shorter one.
class RandomStream {
 public:
  RandomStream(uint64_t seed, Use use, uint64_t index, uint64_t subindex = 0);

  uint64_t bits();

  /// [0, 1), 24 random bits.
  float uniform();
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  bool chance(float probability) { return uniform() < probability; }

  /// 0 .. count - 1.
  int64_t below(int64_t count);

  /// Standard normal, by Box and Muller's transform.
  float normal();

 private:
  uint64_t state_;
  float spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace fmri2img::simulation
