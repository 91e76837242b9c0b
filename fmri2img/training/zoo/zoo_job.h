#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/training/zoo/lessons/recipe.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Training models of a zoo. The pictures outlive the job.
struct ZooJob {
  std::filesystem::path out;  ///< the zoo: `stable-diffusion/`, `clip/`, `blip/`, and `training/` with the runs' states
  const CaptionedPictures& pictures;
  const CaptionedPictures& validation;
  bool with_practice = true;  ///< BLIP: also pictures decoded from simulated responses
  double length = 1;          ///< steps, as a multiple of the recipe's
  uint64_t seed = 1;          ///< of weights, order and noise
  std::vector<std::string> command_line;
};

/// Throws Error unless `folder` holds the model that `learner` is trained on; `model` names it in `zoo train`.
void require_trained(const std::filesystem::path& folder, const char* model, const char* learner);

/// `recipe` as the job wants it: its length, its seed.
Recipe for_job(Recipe recipe, const ZooJob& job);

}  // namespace fmri2img::training
