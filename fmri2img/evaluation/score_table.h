#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/evaluation/protocol.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// The scores of every image of one evaluated run, as `write_evaluation` left them.
struct ScoreTable {
  std::filesystem::path folder;
  std::string preset;
  std::string model;  ///< what was scored: "voted", "92 low"
  bool antialias = false;
  bool targets_as_shown = false;  ///< what a protocol that resizes has compared with; see `reconstruction::Results`
  std::string subject, partition;
  std::vector<int64_t> trials;
  std::vector<std::string> pictures;                        ///< one a trial
  std::vector<std::string> scores;                          ///< names of the columns
  std::vector<std::vector<std::optional<double>>> values;   ///< [score][trial]; none where it is not defined
  std::map<std::string, std::vector<std::string>> weights;  ///< of a score: hashes of the files behind it, sorted
  bool csls = false;                                        ///< how retrieval ranked
};

/// Throws Error if the folder holds no results, they were not evaluated with this protocol, or the table is damaged.
ScoreTable read_score_table(const std::filesystem::path& folder, const Protocol& protocol);

/// What is known of a table before anything is scored: everything but scores, weights and ranking.
ScoreTable table_to_be(const reconstruction::Results& results, const Protocol& protocol);

}  // namespace fmri2img::evaluation
