#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/reconstruction/voting/vote_stage.h"

namespace fmri2img::reconstruction {
namespace {

using Strings = std::vector<std::string>;

std::string name_or_nothing(const Strings& names, const std::optional<int64_t>& candidate) {
  return candidate ? names[static_cast<size_t>(*candidate)] : std::string();
}

/// Similarity of the voted image to the target.
std::optional<double> similarity_of(const TrialVotes& trial) {
  if (trial.cosines.high_target.empty()) return std::nullopt;
  return trial.cosines.high_target[static_cast<size_t>(trial.voted.candidate)];
}

Json pick_json(const Strings& names, const Pick& pick) {
  return {{"pick", names[static_cast<size_t>(pick.candidate)]}, {"margin", pick.margin ? Json(*pick.margin) : Json()}};
}

Json trial_json(const Strings& names, const TrialVotes& trial) {
  const std::optional<double> similarity = similarity_of(trial);
  Json json = {{"trial", trial.trial},
               {"voted", names[static_cast<size_t>(trial.voted.candidate)]},
               {"margin", trial.voted.margin ? Json(*trial.voted.margin) : Json()},
               {"similarity", similarity ? Json(*similarity) : Json()},
               {"oracle_low", name_or_nothing(names, trial.best_low)},
               {"oracle_high", name_or_nothing(names, trial.best_high)},
               {"votes", Json::object()}};
  for (const auto& [vote, pick] : trial.picks) json["votes"][vote_name(vote)] = pick_json(names, pick);
  return json;
}

Strings csv_head(const ReconstructionJob& job) {
  Strings head{"trial", "voted", "margin", "similarity", "oracle_low", "oracle_high"};
  for (const Vote vote : job.votes) {
    head.push_back(vote_name(vote));
    head.push_back(vote_name(vote) + "_margin");
  }
  return head;
}

Strings csv_fields(const Strings& names, const TrialVotes& trial) {
  Strings fields{std::to_string(trial.trial),
                 names[static_cast<size_t>(trial.voted.candidate)],
                 csv_number(trial.voted.margin),
                 csv_number(similarity_of(trial)),
                 name_or_nothing(names, trial.best_low),
                 name_or_nothing(names, trial.best_high)};
  for (const auto& [vote, pick] : trial.picks) {
    fields.push_back(names[static_cast<size_t>(pick.candidate)]);
    fields.push_back(csv_number(pick.margin));
  }
  return fields;
}

}  // namespace

void write_picks(const ReconstructionJob& job,
                 const std::filesystem::path& folder,
                 const std::vector<TrialVotes>& votes) {
  const Strings names = candidate_names(job);
  std::string csv = csv_line(csv_head(job)), lines;
  for (const TrialVotes& trial : votes) {
    csv += csv_line(csv_fields(names, trial));
    lines += trial_json(names, trial).dump() + "\n";
  }
  write_file(folder / "picks.csv", csv);
  write_file(folder / "picks.jsonl", lines);
}

}  // namespace fmri2img::reconstruction
