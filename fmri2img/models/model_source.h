#pragma once

#include "fmri2img/io/state_dict.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {

/// A model as its files have it, before there is a module: what a loader builds from, and what `doctor` compares.
template <class ModelOptions> struct ModelSource {
  using Options = ModelOptions;

  Options options;
  io::LocatedWeights weights;  ///< of the mapped file, under the module's names but for `rules`
  nn::LoadRules rules = {};
};

}  // namespace fmri2img::models
