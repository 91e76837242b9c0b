#include "fmri2img/training/zoo/zoo_job.h"

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::training {

void require_trained(const std::filesystem::path& folder, const char* model, const char* learner) {
  FMRI2IMG_CHECK(std::filesystem::exists(folder / "config.json"),
                 "\"{}\" is not there: the {} is trained on it; run `zoo train {}` with the same --out first",
                 folder.string(),
                 learner,
                 model);
}

Recipe for_job(Recipe recipe, const ZooJob& job) {
  const double steps = std::round(static_cast<double>(recipe.steps) * job.length);
  recipe.steps = std::max<int64_t>(1, static_cast<int64_t>(steps));
  recipe.warmup_steps = std::min(recipe.warmup_steps, recipe.steps / 2);
  recipe.seed = job.seed;
  return recipe;
}

}  // namespace fmri2img::training
