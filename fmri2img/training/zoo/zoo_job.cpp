#include "fmri2img/training/zoo/zoo_job.h"

#include <algorithm>
#include <cmath>

namespace fmri2img::training {

Recipe for_job(Recipe recipe, const ZooJob& job) {
  const double steps = std::round(static_cast<double>(recipe.steps) * job.length);
  recipe.steps = std::max<int64_t>(1, static_cast<int64_t>(steps));
  recipe.warmup_steps = std::min(recipe.warmup_steps, recipe.steps / 2);
  recipe.seed = job.seed;
  return recipe;
}

}  // namespace fmri2img::training
