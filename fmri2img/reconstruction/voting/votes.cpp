#include "fmri2img/reconstruction/voting/votes.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <limits>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"

namespace fmri2img::reconstruction {
namespace {

struct NamedVote {
  Vote vote;
  const char* name;
};

constexpr std::array kNamedVotes{NamedVote{Vote::kLowHigh, "low-high"},
                                 NamedVote{Vote::kConsensus, "consensus"},
                                 NamedVote{Vote::kEncoder, "encoder"},
                                 NamedVote{Vote::kAverage, "average"},
                                 NamedVote{Vote::kRandom, "random"},
                                 NamedVote{Vote::kFirst, "first"}};

// In the place of a model, so that the draw has nothing to do with any image's seed.
constexpr auto kRandomVoteStream = std::numeric_limits<uint64_t>::max();

}  // namespace

const std::vector<Vote>& all_votes() {
  static const std::vector<Vote> kVotes = [] {
    std::vector<Vote> votes;
    for (const NamedVote& known : kNamedVotes) votes.push_back(known.vote);
    return votes;
  }();
  return kVotes;
}

std::string vote_name(Vote vote) {
  return kNamedVotes[static_cast<size_t>(vote)].name;
}

Vote find_vote(const std::string& name, const std::string& option) {
  std::vector<std::string> names;
  for (const NamedVote& known : kNamedVotes) {
    if (name == known.name) return known.vote;
    names.emplace_back(known.name);
  }
  fail(ErrorKind::kWrongUsage,
       "{}: there is no vote \"{}\"{}; there are {}",
       option,
       name,
       did_you_mean(name, names),
       fmt::join(names, ", "));
}

Pick pick_highest(std::span<const double> scores) {
  FMRI2IMG_ASSERT(!scores.empty());
  constexpr double kLowest = -std::numeric_limits<double>::infinity();
  Pick pick;
  double best = kLowest, second = kLowest;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) continue;
    if (scores[i] > best) {
      second = best;
      best = scores[i];
      pick.candidate = static_cast<int64_t>(i);
    } else if (scores[i] > second) {
      second = scores[i];
    }
  }
  if (std::isfinite(second)) pick.margin = best - second;
  return pick;
}

std::vector<double> consensus_scores(const at::Tensor& cosines) {
  const int64_t count = cosines.size(0);
  FMRI2IMG_ASSERT(cosines.dim() == 2 && cosines.size(1) == count && count > 0);
  std::vector<double> scores(static_cast<size_t>(count), 0.0);
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < count; ++j) {
      if (i != j) scores[static_cast<size_t>(i)] += cosines[i][j].item<double>() / static_cast<double>(count - 1);
    }
  }
  return scores;
}

Pick pick_random(int64_t count, uint64_t seed, int64_t trial) {
  const auto drawn = static_cast<uint64_t>(image_seed(seed, static_cast<uint64_t>(trial), kRandomVoteStream));
  return {static_cast<int64_t>(drawn % static_cast<uint64_t>(count)), std::nullopt};
}

}  // namespace fmri2img::reconstruction
