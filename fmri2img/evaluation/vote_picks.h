#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fmri2img::evaluation {

/// One vote: trial -> the model that it chose.
struct VotePicks {
  std::string vote;
  std::map<int64_t, std::string> models;
};

/// Every vote that the run computed, from its picks.jsonl; empty where there is none.
std::vector<VotePicks> read_vote_picks(const std::filesystem::path& results_folder);

}  // namespace fmri2img::evaluation
