#pragma once

#include <string>
#include <vector>

#include "fmri2img/report/picture_source.h"
#include "fmri2img/report/trial_view.h"

namespace fmri2img::report {

/// How large pictures are inside a page, pixels: in the gallery of few and of many trials, and in the best and worst.
inline constexpr int64_t kThumbnail = 128, kSmallThumbnail = 96, kLargePicture = 256;

/// Trials from which on thumbnails are small: a page of 1,000 trials should open in two seconds.
inline constexpr int64_t kManyTrials = 400;

/// The side of the gallery's thumbnails.
int64_t thumbnail_side(const std::vector<TrialView>& trials);

/// "shown", "low-level picture" and, where there is one, the answer: three figures of one trial.
std::string answer_figures(const TrialView& trial, int64_t side, PictureSource& pictures);

/// A figure for each candidate that was not chosen; empty without any.
std::string candidate_figures(const TrialView& trial, int64_t side, PictureSource& pictures);

/// Every trial as a card, with controls that sort and search; the script opens a card with all candidates.
std::string gallery(const std::vector<TrialView>& trials, PictureSource& pictures);

}  // namespace fmri2img::report
