#pragma once

#include <filesystem>
#include <vector>

#include "fmri2img/reconstruction/job.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/seen_pictures.h"
#include "fmri2img/reconstruction/voting/vote_stage.h"

namespace fmri2img::reconstruction {

/// The table of a run whose files are all there: one row a trial and candidate. `votes` has one entry a trial, or none
/// in a run that stopped at the low-level pictures; `seen` is what `find_seen_pictures` gives. The averaged candidate
/// counts as trained on a picture that any member was trained on.
std::vector<ResultRow> make_rows(const ReconstructionJob& job,
                                 const std::filesystem::path& folder,
                                 const std::vector<TrialVotes>& votes,
                                 const std::vector<SeenPicture>& seen);

}  // namespace fmri2img::reconstruction
