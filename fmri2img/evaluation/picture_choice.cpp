#include "fmri2img/evaluation/picture_choice.h"

#include <set>

#include "fmri2img/core/check.h"

namespace fmri2img::evaluation {

using reconstruction::ResultRow;
using reconstruction::Results;
using Level = PictureChoice::Level;

std::vector<PictureChoice> picture_choices(const Results& results) {
  std::vector<PictureChoice> choices;
  if (!results.vote.empty()) choices.push_back({Level::kVoted, ""});
  for (const std::string& model : results.models) choices.push_back({Level::kLow, model});
  if (results.vote.empty()) return choices;
  for (const std::string& model : results.models) choices.push_back({Level::kHigh, model});
  return choices;
}

std::string choice_name(const Results& results, const PictureChoice& choice) {
  if (choice.level == Level::kVoted) return "voted";
  if (results.vote.empty()) return choice.model;
  return choice.model + (choice.level == Level::kLow ? " low" : " high");
}

std::vector<ResultRow> rows_of(const Results& results, const PictureChoice& choice) {
  std::set<int64_t> trained;
  for (const ResultRow& row : results.rows) {
    if (row.trained_on) trained.insert(row.trial);
  }
  std::vector<ResultRow> rows;
  for (const ResultRow& row : results.rows) {
    if (choice.level == Level::kVoted ? !row.voted : row.model != choice.model) continue;
    rows.push_back(row);
    if (choice.level == Level::kVoted) rows.back().trained_on = trained.contains(row.trial);
  }
  FMRI2IMG_CHECK(!rows.empty(), "\"{}\" holds nothing by model \"{}\"", results.folder.string(), choice.model);
  return rows;
}

PictureFile file_of(const PictureChoice& choice) {
  return choice.level == Level::kLow ? &ResultRow::low : &ResultRow::high;
}

}  // namespace fmri2img::evaluation
