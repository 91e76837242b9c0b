#pragma once

#include <cstdint>

namespace fmri2img::training {

// Seeds of the scenes that `zoo train` draws. A subject simulated from one of them looks at pictures that the models
// have learned from or were chosen by.
inline constexpr uint64_t kTrainingScenes = 1;
inline constexpr uint64_t kValidationScenes = 2;
inline constexpr uint64_t kPracticeScenes = 700;  ///< plus the practice subject's number, 1 to 9

constexpr bool has_scenes_of_zoo(uint64_t seed) {
  return seed == kTrainingScenes || seed == kValidationScenes ||
         (seed > kPracticeScenes && seed < kPracticeScenes + 10);
}

}  // namespace fmri2img::training
