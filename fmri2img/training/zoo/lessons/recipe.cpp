#include "fmri2img/training/zoo/lessons/recipe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmri2img::training {

double learning_rate_at(const Recipe& recipe, int64_t step) {
  if (step < recipe.warmup_steps) {
    return recipe.learning_rate * static_cast<double>(step + 1) / static_cast<double>(recipe.warmup_steps);
  }
  const auto falling = static_cast<double>(std::max<int64_t>(recipe.steps - recipe.warmup_steps, 1));
  const double way = std::min(1.0, static_cast<double>(step - recipe.warmup_steps) / falling);
  const double height = 0.5 + 0.5 * std::cos(std::numbers::pi * way);
  return recipe.learning_rate * (recipe.final_fraction + (1 - recipe.final_fraction) * height);
}

}  // namespace fmri2img::training
