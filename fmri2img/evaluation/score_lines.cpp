#include "fmri2img/evaluation/score_lines.h"

#include <fmt/ranges.h>

#include <map>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/evaluation/training_pictures.h"
#include "fmri2img/evaluation/vote_picks.h"
#include "fmri2img/reconstruction/voting/votes.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;
using Level = PictureChoice::Level;
using Rows = std::vector<ResultRow>;

/// The rows in the order of `trials`. Throws Error unless they are of the same trials.
Rows in_order(const Rows& rows, const Rows& trials, const std::string& name) {
  std::map<int64_t, const ResultRow*> by_trial;
  for (const ResultRow& row : rows) by_trial.emplace(row.trial, &row);
  FMRI2IMG_CHECK(by_trial.size() == rows.size(), "{}: a trial is there twice: reconstruct again", name);
  Rows ordered;
  for (const ResultRow& row : trials) {
    const auto found = by_trial.find(row.trial);
    FMRI2IMG_CHECK(found != by_trial.end(), "{}: trial {} is missing: reconstruct again", name, row.trial);
    ordered.push_back(*found->second);
    by_trial.erase(found);
  }
  FMRI2IMG_CHECK(by_trial.empty(), "{}: trial {} is one too many: reconstruct again", name, by_trial.begin()->first);
  return ordered;
}

PlannedLine line_of(const std::string& name, LineRole role, const Rows& rows, PictureFile file, bool captioned) {
  PlannedLine line{name, role, {}, {}};
  for (const ResultRow& row : rows) {
    line.files.push_back(row.*file);
    if (captioned && !row.caption.empty()) line.captions.push_back(row.caption);
  }
  if (line.captions.size() != line.files.size()) line.captions.clear();
  return line;
}

PlannedLine line_of_vote(const VotePicks& picks, const Results& results, const Rows& trials) {
  Rows rows;
  for (const ResultRow& row : results.rows) {
    const auto pick = picks.models.find(row.trial);
    if (pick != picks.models.end() && pick->second == row.model) rows.push_back(row);
  }
  const std::string name = "vote " + picks.vote;
  return line_of(name, LineRole::kOther, in_order(rows, trials, name), &ResultRow::high, /*captioned=*/true);
}

/// The run's votes beside the one that decided, and a note of those that it was not asked for.
void add_votes(LinePlan& plan, const Results& results, const Rows& trials) {
  std::set<std::string> missing;
  for (const reconstruction::Vote vote : reconstruction::all_votes()) missing.insert(vote_name(vote));
  missing.erase(results.vote);
  for (const VotePicks& picks : read_vote_picks(results.folder)) {
    missing.erase(picks.vote);
    if (picks.vote != results.vote) plan.lines.push_back(line_of_vote(picks, results, trials));
  }
  if (missing.empty() || results.models.size() < 2) return;
  plan.notes.push_back(
      fmt::format("no lines of the votes {}, which the run did not compute: reconstruct --votes all does",
                  fmt::join(missing, ", ")));
}

void add_random_training_picture(LinePlan& plan, const Results& results, size_t trials, uint64_t seed) {
  const FoundTrainingPictures training = find_training_pictures(results);
  if (!training.found) {
    plan.notes.push_back(fmt::format("random_training_picture is not computed: {}", training.reason));
    return;
  }
  PlannedLine line{"random_training_picture", LineRole::kBaseline, {}, {}};
  line.files = random_training_files(*training.found, static_cast<int64_t>(trials), seed);
  plan.lines.push_back(std::move(line));
}

}  // namespace

LinePlan plan_lines(const Results& results, const std::vector<PictureChoice>& choices, const LinePlanOptions& options) {
  const PictureChoice& answer = choices.front();
  const std::string name = choice_name(results, answer);
  const Rows trials = rows_of(results, answer);
  const bool guided = answer.level != Level::kLow;
  LinePlan plan;
  plan.lines.push_back(
      line_of(name, LineRole::kAnswer, in_order(trials, trials, name), file_of(answer), /*captioned=*/guided));
  add_random_training_picture(plan, results, trials.size(), options.seed);
  if (guided) {
    plan.lines.push_back(line_of("low_level_only", LineRole::kBaseline, trials, &ResultRow::low, /*captioned=*/false));
  }
  for (size_t i = 1; i < choices.size(); ++i) {
    const std::string other = choice_name(results, choices[i]);
    const Rows rows = in_order(rows_of(results, choices[i]), trials, other);
    plan.lines.push_back(line_of(other, LineRole::kOther, rows, file_of(choices[i]), choices[i].level != Level::kLow));
    plan.lines.back().networks = options.all_networks;
  }
  if (guided) add_votes(plan, results, trials);
  return plan;
}

}  // namespace fmri2img::evaluation
