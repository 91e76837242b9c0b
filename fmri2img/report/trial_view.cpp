#include "fmri2img/report/trial_view.h"

#include <algorithm>
#include <array>
#include <set>

#include "fmri2img/io/csv.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;

/// All candidates of a trial, in the order of runs and models.
using Candidates = std::map<int64_t, std::vector<Candidate>>;

Candidates candidates_of(std::span<const Results> results) {
  Candidates candidates;
  for (const Results& run : results) {
    const std::string prefix = &run != results.data() ? run.folder.filename().string() + ": " : "";
    for (const ResultRow& row : run.rows) candidates[row.trial].push_back({&run, &row, prefix + row.model});
  }
  return candidates;
}

TrialView view_of(int64_t trial, const std::vector<Candidate>& candidates) {
  TrialView view{.trial = trial, .picture = candidates.front().row->picture};
  const Results* first = candidates.front().run;
  const auto voted = std::ranges::find_if(
      candidates, [&](const Candidate& candidate) { return candidate.run == first && candidate.row->voted; });
  const auto answer = voted == candidates.end() ? candidates.begin() : voted;
  for (auto candidate = candidates.begin(); candidate != candidates.end(); ++candidate) {
    if (view.target.empty() && !candidate->row->target.empty())
      view.target = candidate->run->folder / candidate->row->target;
    if (candidate != answer) view.others.push_back(*candidate);
  }
  view.answer = *answer;
  const auto& similarity = view.answer.has_high() ? answer->row->high_target : answer->row->low_target;
  if (similarity) view.scores["similarity"] = *similarity;
  return view;
}

/// evaluation.csv: columns after these four are scores.
constexpr std::array kNoScores = {"trial", "picture", "model", "trained_on"};

void add_evaluated(std::map<int64_t, TrialView>& views, const std::filesystem::path& file) {
  if (!exists(file)) return;
  const io::CsvTable table = io::read_csv(file);
  const size_t trial = table.column("trial");
  for (const auto& row : table.rows) {
    const auto number = io::number_in(row[trial]);
    const auto view = number ? views.find(static_cast<int64_t>(*number)) : views.end();
    if (view == views.end()) continue;
    for (size_t i = 0; i < row.size(); ++i) {
      if (std::ranges::find(kNoScores, table.columns[i]) != kNoScores.end()) continue;
      if (const auto value = io::number_in(row[i])) view->second.scores[table.columns[i]] = *value;
    }
  }
}

}  // namespace

std::vector<TrialView> view_trials(std::span<const Results> results) {
  std::map<int64_t, TrialView> views;
  for (const auto& [trial, candidates] : candidates_of(results)) views[trial] = view_of(trial, candidates);
  add_evaluated(views, results.front().folder / "evaluation.csv");
  std::vector<TrialView> trials;
  trials.reserve(views.size());
  for (auto& [trial, view] : views) trials.push_back(std::move(view));
  return trials;
}

std::vector<std::string> score_keys(const std::vector<TrialView>& trials) {
  std::set<std::pair<int, std::string>> ordered;
  for (const TrialView& trial : trials) {
    for (const auto& [key, value] : trial.scores) ordered.emplace(score_name(key).rank, key);
  }
  std::vector<std::string> keys;
  for (const auto& [rank, key] : ordered) keys.push_back(key);
  return keys;
}

std::string ranking_key(const std::vector<TrialView>& trials) {
  const std::vector<std::string> keys = score_keys(trials);
  for (const char* preferred : {"similarity", "pixel_correlation"}) {
    if (std::ranges::find(keys, preferred) != keys.end()) return preferred;
  }
  return keys.empty() ? "" : keys.front();
}

}  // namespace fmri2img::report
