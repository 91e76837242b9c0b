#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/voting/vote_stage.h"
#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::reconstruction {

/// One way to choose, over all trials.
struct VoteLine {
  std::string name;                 ///< a vote's, or "best of all": the oracle
  statistics::Interval similarity;  ///< mean cosine of its picks to their targets
  statistics::Interval gain;        ///< over what a random pick gives, paired trial by trial
};

struct VoteTable {
  int64_t trials = 0;
  std::string vote;             ///< what decided
  double random_pick = 0;       ///< the expectation of a random pick: the mean over the models' images
  std::vector<VoteLine> lines;  ///< every computed vote, then the oracle
};

/// Compares every vote with a random pick. Intervals are 95 % bootstrap intervals over trials; differences are taken
/// within a trial. REQUIRES: the trials have targets.
VoteTable compare_votes(const ReconstructionJob& job, const std::vector<TrialVotes>& votes);

/// For people.
std::string to_text(const VoteTable& table);

/// Writes votes.csv and votes.json.
void write_vote_table(const std::filesystem::path& folder, const VoteTable& table);

}  // namespace fmri2img::reconstruction
