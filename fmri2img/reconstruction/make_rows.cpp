#include "fmri2img/reconstruction/make_rows.h"

#include <cmath>
#include <set>

#include "fmri2img/reconstruction/seen_pictures.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {
namespace {

/// For each trial: was the member trained on it, on its row or on the same picture in another row?
std::vector<bool> trained_on(const ReconstructionJob& job, const Member& member) {
  const Trials& trials = job.trials;
  std::vector<bool> seen(trials.rows.size(), false);
  if (job.subject.has_pictures(trials.partition) && job.subject.has_pictures(data::Partition::kTrain)) {
    seen = find_seen_pictures(job.subject.pictures(trials.partition),
                              trials.rows,
                              job.subject.pictures(data::Partition::kTrain),
                              member.record.train_rows);
  }
  if (trials.partition == data::Partition::kTest) return seen;
  const std::set<int64_t> rows(member.record.train_rows.begin(), member.record.train_rows.end());
  for (size_t i = 0; i < seen.size(); ++i) seen[i] = seen[i] || rows.contains(trials.rows[i]);
  return seen;
}

/// [candidate][trial]
std::vector<std::vector<bool>> trained_on(const ReconstructionJob& job) {
  std::vector<std::vector<bool>> seen;
  std::vector<bool> any(job.trials.rows.size(), false);
  for (const Member& member : job.members) {
    seen.push_back(trained_on(job, member));
    for (size_t i = 0; i < any.size(); ++i) any[i] = any[i] || seen.back()[i];
  }
  if (job.computes(Vote::kAverage)) seen.push_back(any);
  return seen;
}

std::optional<double> at_or_nothing(const std::vector<double>& values, size_t index) {
  if (index >= values.size() || !std::isfinite(values[index])) return std::nullopt;
  return values[index];
}

void add_guided(ResultRow& row, const std::filesystem::path& folder, const TrialVotes& votes, size_t candidate) {
  const Prompt prompt = read_prompt(folder / prompt_file(row.model, row.trial));
  row.high = high_level_file(row.model, row.trial);
  row.caption = prompt.caption;
  row.raw_caption = prompt.raw_caption;
  row.seed = prompt.seed;
  row.low_high = at_or_nothing(votes.cosines.low_high, candidate);
  row.low_target = at_or_nothing(votes.cosines.low_target, candidate);
  row.high_target = at_or_nothing(votes.cosines.high_target, candidate);
  row.consensus = at_or_nothing(votes.consensus, candidate);
  row.encoder = at_or_nothing(votes.encoder, candidate);
  row.voted = votes.voted.candidate == static_cast<int64_t>(candidate);
}

}  // namespace

std::vector<ResultRow> make_rows(const ReconstructionJob& job,
                                 const std::filesystem::path& folder,
                                 const std::vector<TrialVotes>& votes) {
  const bool pictures = job.subject.has_pictures(job.trials.partition);
  const std::vector<std::string> names = candidate_names(job);
  const std::vector<std::vector<bool>> seen = trained_on(job);
  std::vector<ResultRow> rows;
  for (size_t i = 0; i < job.trials.rows.size(); ++i) {
    const int64_t trial = job.trials.rows[i];
    for (size_t candidate = 0; candidate < names.size(); ++candidate) {
      ResultRow row;
      row.trial = trial;
      row.model = names[candidate];
      row.trained_on = seen[candidate][i];
      row.low = low_level_file(row.model, trial);
      if (pictures) {
        row.picture = job.subject.pictures(job.trials.partition).id(trial);
        row.target = target_file(trial);
      }
      if (job.guided) add_guided(row, folder, votes[i], candidate);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace fmri2img::reconstruction
