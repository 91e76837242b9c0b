#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/reconstruction/job.h"
#include "fmri2img/reconstruction/voting/embeddings.h"
#include "fmri2img/reconstruction/voting/encoding_model.h"

namespace fmri2img::reconstruction {

/// What was chosen for one trial. Candidates are counted as in `candidate_names`.
struct TrialVotes {
  int64_t trial = 0;
  std::vector<std::pair<Vote, Pick>> picks;    ///< of every computed vote, in the order of the job
  Pick voted;                                  ///< of the vote that decides
  TrialCosines cosines;                        ///< of every candidate
  std::vector<double> consensus;               ///< of every member: see `consensus_scores`
  std::vector<double> encoder;                 ///< correlations of every candidate; empty without that vote
  std::optional<int64_t> best_low, best_high;  ///< most similar to the target: oracles, where there is one
};

/// The votes of every trial, from the embeddings in `folder`. Scores decide among the models alone: the averaged
/// candidate is the pick of the vote "average" and of no other. `encoding` is needed for the vote "encoder" only.
std::vector<TrialVotes> vote_stage(const ReconstructionJob& job,
                                   const std::filesystem::path& folder,
                                   const EncodingModel* encoding);

/// Writes picks.csv and picks.jsonl: one line a trial.
void write_picks(const ReconstructionJob& job,
                 const std::filesystem::path& folder,
                 const std::vector<TrialVotes>& votes);

}  // namespace fmri2img::reconstruction
