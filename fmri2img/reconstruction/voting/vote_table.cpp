#include "fmri2img/reconstruction/voting/vote_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/statistics/interval_text.h"

namespace fmri2img::reconstruction {
namespace {

constexpr const char* kOracle = "best of all";

/// The expectation of a random pick: the averaged candidate is none.
double expected_similarity(const ReconstructionJob& job, const TrialVotes& trial) {
  const auto& similarities = trial.cosines.high_target;
  const auto members = static_cast<std::ptrdiff_t>(job.members.size());
  return std::accumulate(similarities.begin(), similarities.begin() + members, 0.0) / static_cast<double>(members);
}

using Chooser = std::function<int64_t(const TrialVotes&)>;

VoteLine line_of(const std::string& name,
                 const ReconstructionJob& job,
                 const std::vector<TrialVotes>& votes,
                 const Chooser& choose) {
  std::vector<double> similarities, gains;
  for (const TrialVotes& trial : votes) {
    similarities.push_back(trial.cosines.high_target[static_cast<size_t>(choose(trial))]);
    gains.push_back(similarities.back() - expected_similarity(job, trial));
  }
  return {name, statistics::bootstrap_mean(similarities, job.seed), statistics::bootstrap_mean(gains, job.seed)};
}

Json interval_json(const statistics::Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

VoteTable compare_votes(const ReconstructionJob& job, const std::vector<TrialVotes>& votes) {
  VoteTable table{.trials = static_cast<int64_t>(votes.size()), .vote = vote_name(job.vote)};
  for (const TrialVotes& trial : votes) {
    table.random_pick += expected_similarity(job, trial) / static_cast<double>(votes.size());
  }
  for (size_t i = 0; i < job.votes.size(); ++i) {
    table.lines.push_back(line_of(
        vote_name(job.votes[i]), job, votes, [i](const TrialVotes& trial) { return trial.picks[i].second.candidate; }));
  }
  table.lines.push_back(line_of(kOracle, job, votes, [](const TrialVotes& trial) { return *trial.best_high; }));
  return table;
}

std::string to_text(const VoteTable& table) {
  std::string text = fmt::format(
      "{}: similarity of the chosen image to the target, and what it gains over a random "
      "pick ({:.4f})\nmean [95 % interval over trials]\n\n",
      counted(table.trials, "trial", "trials"),
      table.random_pick);
  for (const VoteLine& line : table.lines) {
    text += fmt::format("{:<12}  {:<26}  {:<29}  {}\n",
                        line.name,
                        statistics::interval_text(line.similarity, "{:.4f}"),
                        statistics::interval_text(line.gain, "{:+.4f}"),
                        line.name == table.vote ? "decides"
                        : line.name == kOracle  ? "oracle: knows the target"
                                                : "");
  }
  return text;
}

void write_vote_table(const std::filesystem::path& folder, const VoteTable& table) {
  Json json = {
      {"trials", table.trials}, {"vote", table.vote}, {"random_pick", table.random_pick}, {"votes", Json::array()}};
  std::string csv = "vote,decides,trials,similarity,similarity_low,similarity_high,gain,gain_low,gain_high\n";
  for (const VoteLine& line : table.lines) {
    json["votes"].push_back({{"vote", line.name},
                             {"decides", line.name == table.vote},
                             {"similarity", interval_json(line.similarity)},
                             {"gain", interval_json(line.gain)}});
    csv += csv_line({line.name,
                     fmt::format("{}", line.name == table.vote),
                     std::to_string(table.trials),
                     csv_number(line.similarity.mean),
                     csv_number(line.similarity.low),
                     csv_number(line.similarity.high),
                     csv_number(line.gain.mean),
                     csv_number(line.gain.low),
                     csv_number(line.gain.high)});
  }
  write_file(folder / "votes.csv", csv);
  write_json(folder / "votes.json", json);
}

}  // namespace fmri2img::reconstruction
