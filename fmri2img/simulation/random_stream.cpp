#include "fmri2img/simulation/random_stream.h"

#include <cmath>
#include <numbers>

#include "fmri2img/core/random.h"

namespace fmri2img::simulation {
namespace {

constexpr uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;  // splitmix64's own step

}  // namespace

RandomStream::RandomStream(uint64_t seed, Use use, uint64_t index, uint64_t subindex)
    : state_(splitmix64(splitmix64(splitmix64(splitmix64(seed) ^ static_cast<uint64_t>(use)) ^ index) ^ subindex)) {}

uint64_t RandomStream::bits() {
  const uint64_t value = splitmix64(state_);
  state_ += kGoldenRatio;
  return value;
}

float RandomStream::uniform() {
  return static_cast<float>(bits() >> 40) * 0x1p-24F;
}

int64_t RandomStream::below(int64_t count) {
  return static_cast<int64_t>(bits() >> 1) % count;
}

float RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const float radius = std::sqrt(-2 * std::log(1 - uniform()));
  const float angle = 2 * std::numbers::pi_v<float> * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

}  // namespace fmri2img::simulation
