#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "fmri2img/diffusion/scheduler_config.h"

namespace fmri2img::diffusion {

/// How a picture is redrawn. Names and defaults as the options of `img2img`.
struct Img2ImgOptions {
  int64_t steps = 50;
  double strength = 0.75;  ///< share of the steps that is done, (0, 1]
  double guidance = 6;     ///< how far the text pulls; up to 1: the network is not asked without a text
  std::string negative;    ///< the text to stay away from
  std::optional<SchedulerChoice> scheduler;  ///< nothing: the one in the folder

  /// Height and width of the result, each cut to whole latents. Nothing: the picture's own.
  std::optional<std::pair<int64_t, int64_t>> size;

  /// After this share of the evaluations the network is no longer asked without the text ("--guidance-until"): up to
  /// twice as fast, approximate. 1: guidance to the end. Source: https://arxiv.org/abs/2312.12487.
  double guidance_until = 1;

  /// Every how many evaluations the whole network runs ("--reuse-features"); the last layer alone in between,
  /// approximate. 1: always. Source: DeepCache, https://arxiv.org/abs/2312.00858.
  int64_t reuse_features = 1;
};

/// Throws Error (wrong usage) naming the option that is out of its range.
void check_img2img_options(const Img2ImgOptions& options);

}  // namespace fmri2img::diffusion
