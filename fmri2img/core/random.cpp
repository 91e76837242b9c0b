#include "fmri2img/core/random.h"

#include <ATen/CPUGeneratorImpl.h>

namespace fmri2img {

at::Generator make_generator(uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

uint64_t splitmix64(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

int64_t image_seed(uint64_t run_seed, uint64_t trial, uint64_t model) {
  return static_cast<int64_t>(splitmix64(splitmix64(splitmix64(run_seed) ^ trial) ^ model) >> 1);
}

}  // namespace fmri2img
