#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>

namespace fmri2img {

/// PyTorch's CPU generator seeded with `seed`: `torch.Generator().manual_seed(seed)`.
at::Generator make_generator(uint64_t seed);

/// One step of splitmix64: a well-mixed 64-bit value from any 64-bit value.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), figure 17.
uint64_t splitmix64(uint64_t value);

/// The seed of one image: splitmix64 over (run seed, trial, model), truncated to 63 bits, so that it fits every
/// reader's signed integer and an image does not depend on its batch.
int64_t image_seed(uint64_t run_seed, uint64_t trial, uint64_t model);

}  // namespace fmri2img
