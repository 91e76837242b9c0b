#include "fmri2img/reconstruction/make_rows.h"

#include <ATen/core/Tensor.h>

#include <cmath>
#include <map>
#include <set>

#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {
namespace {

/// The trials whose pictures each candidate saw in training; the averaged one all that some member did.
std::map<std::string, std::set<int64_t>> trained_trials(const std::vector<SeenPicture>& seen) {
  std::map<std::string, std::set<int64_t>> trials;
  for (const SeenPicture& picture : seen) {
    trials[kAverageName].insert(picture.trial);
    for (const std::string& model : picture.models) trials[model].insert(picture.trial);
  }
  return trials;
}

std::optional<double> finite_or_nothing(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> at_or_nothing(const std::vector<double>& values, size_t index) {
  return index < values.size() ? finite_or_nothing(values[index]) : std::nullopt;
}

void add_guided(ResultRow& row,
                const std::filesystem::path& folder,
                const TrialVotes& votes,
                const std::vector<std::string>& names,
                size_t candidate) {
  const Prompt prompt = read_prompt(folder / prompt_file(row.model, row.trial));
  row.high = high_level_file(row.model, row.trial);
  row.caption = prompt.caption;
  row.raw_caption = prompt.raw_caption;
  row.seed = prompt.seed;
  row.low_high = at_or_nothing(votes.cosines.low_high, candidate);
  row.low_target = at_or_nothing(votes.cosines.low_target, candidate);
  row.high_target = at_or_nothing(votes.cosines.high_target, candidate);
  const at::Tensor pairs = votes.cosines.high_high[static_cast<int64_t>(candidate)];
  for (size_t other = 0; other < names.size(); ++other) {
    if (other == candidate) continue;
    row.high_high.emplace_back(names[other], finite_or_nothing(pairs[static_cast<int64_t>(other)].item<double>()));
  }
  row.consensus = at_or_nothing(votes.consensus, candidate);
  row.encoder = at_or_nothing(votes.encoder, candidate);
  row.voted = votes.voted.candidate == static_cast<int64_t>(candidate);
}

}  // namespace

std::vector<ResultRow> make_rows(const ReconstructionJob& job,
                                 const std::filesystem::path& folder,
                                 const std::vector<TrialVotes>& votes,
                                 const std::vector<SeenPicture>& seen) {
  const bool pictures = job.subject.has_pictures(job.trials.partition);
  const std::vector<std::string> names = candidate_names(job);
  std::map<std::string, std::set<int64_t>> trained = trained_trials(seen);
  std::vector<ResultRow> rows;
  for (size_t i = 0; i < job.trials.rows.size(); ++i) {
    const int64_t trial = job.trials.rows[i];
    for (size_t candidate = 0; candidate < names.size(); ++candidate) {
      ResultRow row;
      row.trial = trial;
      row.model = names[candidate];
      row.trained_on = trained[row.model].contains(trial);
      row.low = low_level_file(row.model, trial);
      if (pictures) {
        row.picture = job.subject.pictures(job.trials.partition).id(trial);
        row.target = target_file(trial);
      }
      if (job.guided) add_guided(row, folder, votes[i], names, candidate);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace fmri2img::reconstruction
