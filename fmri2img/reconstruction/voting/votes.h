#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::reconstruction {

/// Ways to choose one of a trial's candidates without knowing its target.
enum class Vote {
  kLowHigh,    ///< "low-high": the high-level image most similar to its own low-level one; the original's rule
  kConsensus,  ///< "consensus": the high-level image most similar to the other candidates'
  kEncoder,    ///< "encoder": the one whose predicted response correlates best with the measured one
  kAverage,    ///< "average": the extra candidate made from the mean of all models' latents
  kRandom,     ///< "random": the control
  kFirst,      ///< "first": the first model
};

/// Every vote, in the order of the tables.
const std::vector<Vote>& all_votes();

std::string vote_name(Vote vote);

/// Throws Error (wrong usage) that lists the names; `option` begins the message.
Vote find_vote(const std::string& name, const std::string& option);

/// What a vote chose.
struct Pick {
  int64_t candidate = 0;
  std::optional<double> margin;  ///< how far ahead of the runner-up, where scores decided and there is one
};

/// The highest score wins, the first of equal ones. A score that is not a number never wins; where none is one, the
/// first candidate is picked. REQUIRES: scores not empty.
Pick pick_highest(std::span<const double> scores);

/// Mean cosine of each candidate to the others; 0 for one alone.
/// Shape: cosines [C, C] double, symmetric.
std::vector<double> consensus_scores(const at::Tensor& cosines);

/// Any of `count` candidates, from (run seed, trial) alone.
Pick pick_random(int64_t count, uint64_t seed, int64_t trial);

}  // namespace fmri2img::reconstruction
