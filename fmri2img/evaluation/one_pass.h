#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fmri2img/evaluation/metric_networks.h"
#include "fmri2img/evaluation/picture_scores.h"
#include "fmri2img/evaluation/protocol.h"

namespace fmri2img::evaluation {

/// What was measured of one picture against the target of its trial.
struct Measurement {
  PictureScores pixels;
  std::map<std::string, double> networks;  ///< NaN where a score is not defined
  at::Tensor clip;                         ///< [D], its embedding; undefined without CLIP
  at::Tensor correlations;                 ///< [N] of its pixels with every target's; see `PassInput::identify`
};

/// A picture that is to be measured.
struct Candidate {
  std::string file;
  bool networks = true;  ///< by the networks and for identification too, or by pixels only
};

struct PassInput {
  std::vector<std::string> targets;              ///< a file a trial
  std::vector<std::vector<Candidate>> pictures;  ///< of each trial, the answer first, no file twice
  std::string constant;                          ///< a picture to be measured against every target; may be empty
  std::vector<int64_t> circle;                   ///< the trials in any order; neighbours are each other's chance
  int64_t partners = 0;                          ///< so many of the following ones for what costs little
  bool identify = true;  ///< correlate pixels with all targets': their prepared pictures are held at once
  std::function<at::Tensor(const std::string&)> read;  ///< uint8 [H, W, 3], as the protocol takes them
};

struct PassOutput {
  std::vector<std::map<std::string, Measurement>> pictures;  ///< of each trial, by file
  std::vector<Measurement> constant;                         ///< of each trial; empty without one
  std::vector<Measurement> chance;           ///< each answer against targets of other trials; means over them
  at::Tensor target_clip;                    ///< [N, D], or undefined
  std::vector<at::Tensor> targets, answers;  ///< as they were read
};

/// Measures everything in one pass: each file is decoded once, and each network looks once at each picture.
/// LPIPS's chance is one other target a trial, the next on the circle; that of distances `partners`. Two-way scores
/// have none: it is 1/2.
/// Memory: with `identify` the targets' prepared pixels as float32 (2 MB a target at 425 x 425); the targets' features
/// (about 1 MB a target with all networks), targets and answers as 8-bit pictures, the maps of one block of pictures,
/// and pixels and features of 64 pictures.
PassOutput measure_pictures(const PassInput& input, const Protocol& protocol, const MetricNetworks& networks);

}  // namespace fmri2img::evaluation
