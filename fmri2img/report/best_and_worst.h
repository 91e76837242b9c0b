#pragma once

#include <string>
#include <vector>

#include "fmri2img/report/picture_source.h"
#include "fmri2img/report/trial_view.h"

namespace fmri2img::report {

/// The trials of one rank.
struct RankedTrials {
  std::string title;  ///< "Best"
  std::vector<const TrialView*> trials;
};

/// The best, the median and the worst three by `ranking_key`, fewer where there are fewer than nine; the best first,
/// the worst last, equals in the order of trials. Empty without a score or with fewer than three trials that have it.
std::vector<RankedTrials> rank_trials(const std::vector<TrialView>& trials);

/// These with all their candidates; empty where nothing is ranked.
std::string best_and_worst(const std::vector<TrialView>& trials, PictureSource& pictures);

}  // namespace fmri2img::report
