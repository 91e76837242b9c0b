#include "fmri2img/reconstruction/voting/vote_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::reconstruction {
namespace {

int64_t first_highest(const std::vector<double>& scores) {
  return std::max_element(scores.begin(), scores.end()) - scores.begin();
}

Pick pick_by(Vote vote, const ReconstructionJob& job, const TrialVotes& trial) {
  const auto members = static_cast<int64_t>(job.members.size());
  const auto of_members = [&](const std::vector<double>& scores) {
    return std::span(scores).first(job.members.size());
  };
  switch (vote) {
    case Vote::kLowHigh:
      return pick_highest(of_members(trial.cosines.low_high));
    case Vote::kConsensus:
      return pick_highest(trial.consensus);
    case Vote::kEncoder:
      return pick_highest(of_members(trial.encoder));
    case Vote::kAverage:
      return {members, std::nullopt};
    case Vote::kRandom:
      return pick_random(members, job.seed, trial.trial);
    case Vote::kFirst:
      return {0, std::nullopt};
  }
  FMRI2IMG_ASSERT(false);
}

TrialVotes vote_on(const ReconstructionJob& job,
                   const TrialEmbeddings& embeddings,
                   const EncodingModel* encoding,
                   int64_t trial) {
  const auto members = static_cast<int64_t>(job.members.size());
  TrialVotes result;
  result.trial = trial;
  result.cosines = cosines_of(embeddings);
  result.consensus = consensus_scores(result.cosines.high_high.narrow(0, 0, members).narrow(1, 0, members));
  if (job.computes(Vote::kEncoder)) {
    FMRI2IMG_ASSERT(encoding != nullptr);
    const at::Tensor response =
        job.subject.responses(job.trials.partition).gather({trial}, encoding->columns()).squeeze(0);
    result.encoder = encoding->correlations(embeddings.high, response);
  }
  for (const Vote vote : job.votes) {
    result.picks.emplace_back(vote, pick_by(vote, job, result));
    if (vote == job.vote) result.voted = result.picks.back().second;
  }
  if (!result.cosines.high_target.empty()) {
    result.best_low = first_highest(result.cosines.low_target);
    result.best_high = first_highest(result.cosines.high_target);
  }
  return result;
}

}  // namespace

std::vector<TrialVotes> vote_stage(const ReconstructionJob& job,
                                   const std::filesystem::path& folder,
                                   const EncodingModel* encoding) {
  const auto candidates = static_cast<int64_t>(candidate_names(job).size());
  std::vector<TrialVotes> votes;
  for (const int64_t trial : job.trials.rows) {
    votes.push_back(vote_on(job, read_embeddings(folder / embeddings_file(trial), candidates), encoding, trial));
  }
  return votes;
}

}  // namespace fmri2img::reconstruction
