#pragma once

#include <string>

#include "fmri2img/reconstruction/ensemble/members.h"
#include "fmri2img/reconstruction/trials.h"

namespace fmri2img::experiments {

/// Rows that a decoder was not fitted to.
struct UnseenRows {
  reconstruction::Trials trials;
  std::string name;  ///< "validation rows", "held-out rows", "test rows", or "rows 0:10"
};

/// What `text` names (see `reconstruction::select_trials`); where it is empty, the best that there is: the decoder's
/// validation rows, else those that --hold-out took out, else the test split.
///
/// Throws Error (wrong usage) if there is nothing of the kind, naming the ways out; (mismatch) if some of the rows are
/// among those that the decoder was fitted to; and as `select_trials`.
UnseenRows unseen_rows(const std::string& text, const data::Subject& subject, const reconstruction::Member& member);

}  // namespace fmri2img::experiments
