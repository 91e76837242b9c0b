#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// One model's reconstruction of a trial.
struct Candidate {
  const reconstruction::Results* run = nullptr;
  const reconstruction::ResultRow* row = nullptr;
  std::string name;  ///< the model's, after the folder's in runs beside the first

  [[nodiscard]] std::filesystem::path low() const { return run->folder / row->low; }
  [[nodiscard]] std::filesystem::path high() const { return run->folder / row->high; }
  [[nodiscard]] bool has_high() const { return !row->high.empty(); }
};

/// One trial as a page shows it. Points into the results that it was made of.
struct TrialView {
  int64_t trial = 0;
  std::string picture;
  std::filesystem::path target;          ///< empty where the subject has no pictures of this split
  Candidate answer;                      ///< what was voted for in the first run, else its first model's
  std::vector<Candidate> others;         ///< in the order of runs and models
  std::map<std::string, double> scores;  ///< of the answer, by name; those that are defined
};

/// The trials of all runs, in rising order. Scores: `similarity` (CLIP's, of the answer to the target) and every number
/// of the first run's evaluation.csv, where `evaluate` has run.
/// REQUIRES: at least one run; all of the same trials.
std::vector<TrialView> view_trials(std::span<const reconstruction::Results> results);

/// The names of the scores that some trial has, in the order of score_names.h.
std::vector<std::string> score_keys(const std::vector<TrialView>& trials);

/// The score that says which trials are best: `similarity` where there is one, else pixel correlation, else the first;
/// empty without scores.
std::string ranking_key(const std::vector<TrialView>& trials);

}  // namespace fmri2img::report
