#include "fmri2img/evaluation/vote_picks.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"

namespace fmri2img::evaluation {
namespace {

VotePicks& picks_of(std::vector<VotePicks>& votes, const std::string& vote) {
  const auto found =
      std::find_if(votes.begin(), votes.end(), [&](const VotePicks& picks) { return picks.vote == vote; });
  return found != votes.end() ? *found : votes.emplace_back(VotePicks{vote, {}});
}

}  // namespace

std::vector<VotePicks> read_vote_picks(const std::filesystem::path& results_folder) {
  const std::filesystem::path path = results_folder / "picks.jsonl";
  std::vector<VotePicks> votes;
  if (!std::filesystem::exists(path)) return votes;
  std::istringstream stream(read_file(path));
  int64_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    JsonFields fields(parse_json(line, path.string()), fmt::format("\"{}\" line {}", path.string(), ++number));
    const auto trial = fields.require<int64_t>("trial");
    const Json picks = fields.require<Json>("votes");
    for (const auto& [vote, pick] : picks.items()) {
      JsonFields picked(pick, fields.where());
      picks_of(votes, vote).models[trial] = picked.require<std::string>("pick");
    }
  }
  return votes;
}

}  // namespace fmri2img::evaluation
