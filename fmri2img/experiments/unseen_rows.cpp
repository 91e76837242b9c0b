#include "fmri2img/experiments/unseen_rows.h"

#include <algorithm>
#include <iterator>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::experiments {
namespace {

using data::Partition;

std::string best_rows(const data::Subject& subject, const reconstruction::Member& member) {
  if (!member.record.validation_rows.empty()) return "validation";
  if (!member.record.held_out_rows.empty()) return "held-out";
  FMRI2IMG_CHECK_USAGE(subject.has_responses(Partition::kTest) && subject.has_pictures(Partition::kTest),
                       "the {} decoder \"{}\" was fitted to every row that it was given, and \"{}\" has no test "
                       "responses with pictures: "
                       "train it with --hold-out, or name rows that it was not trained on with --trials",
                       member.record.kind,
                       member.name,
                       subject.path().string());
  return "test";
}

std::string name_of(const std::string& text, const reconstruction::Member& member) {
  if (text == "validation" && member.record.validation_rows.empty()) return "held-out rows";
  if (text == "validation" || text == "held-out" || text == "test") return text + " rows";
  return "rows " + text;
}

void require_unseen(const std::string& text, const std::vector<int64_t>& rows, const reconstruction::Member& member) {
  std::vector<int64_t> trained = member.record.train_rows, both;
  std::sort(trained.begin(), trained.end());
  std::set_intersection(rows.begin(), rows.end(), trained.begin(), trained.end(), std::back_inserter(both));
  if (both.empty()) return;
  fail(ErrorKind::kMismatch,
       "--trials {}: the decoder \"{}\" was fitted to {} of these {} rows ({} ...), whose error says nothing about new "
       "pictures: choose validation, held-out or test",
       text,
       member.name,
       format_count(static_cast<int64_t>(both.size())),
       format_count(static_cast<int64_t>(rows.size())),
       both.front());
}

}  // namespace

UnseenRows unseen_rows(const std::string& text, const data::Subject& subject, const reconstruction::Member& member) {
  const std::string chosen = text.empty() ? best_rows(subject, member) : text;
  UnseenRows rows{reconstruction::select_trials(chosen, subject, {member}), name_of(chosen, member)};
  if (rows.trials.partition == Partition::kTrain) require_unseen(chosen, rows.trials.rows, member);
  return rows;
}

}  // namespace fmri2img::experiments
