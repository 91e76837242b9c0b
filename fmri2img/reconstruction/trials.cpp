#include "fmri2img/reconstruction/trials.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/split.h"

namespace fmri2img::reconstruction {
namespace {

using data::Partition;

constexpr const char* kOption = "--trials";
constexpr const char* kTestPrefix = "test:";
constexpr const char* kFilePrefix = "file:";

std::vector<int64_t> ascending(std::vector<int64_t> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// The rows that a decoder knows by this name. Empty where it has none.
std::vector<int64_t> rows_called(const std::string& name, const decoding::DecoderRecord& decoder) {
  if (name == "train") return ascending(decoder.train_rows);
  if (name == "validation" && !decoder.validation_rows.empty()) return ascending(decoder.validation_rows);
  return ascending(decoder.held_out_rows);
}

/// Rows that every member knows by this name.
Trials common_rows(const std::string& name, const std::vector<Member>& members) {
  std::vector<int64_t> common;
  for (const Member& member : members) {
    const std::vector<int64_t> rows = rows_called(name, member.record);
    FMRI2IMG_CHECK_USAGE(
        !rows.empty(),
        "--trials {}: the {} decoder \"{}\" kept no rows aside: train it with --hold-out, or name rows "
        "such as --trials 0:10",
        name,
        member.record.kind,
        member.name);
    std::vector<int64_t> both;
    std::set_intersection(common.begin(), common.end(), rows.begin(), rows.end(), std::back_inserter(both));
    common = &member == &members.front() ? rows : both;
  }
  FMRI2IMG_CHECK_USAGE(!common.empty(),
                       "--trials {}: the {} decoders have no such row in common: train them with one --hold-out and "
                       "say --trials held-out, or name rows such as --trials 0:10",
                       name,
                       members.size());
  return {Partition::kTrain, std::move(common)};
}

bool is_rows(const std::string& text) {
  return text.find_first_not_of("0123456789:, ") == std::string::npos;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

std::vector<std::string> ids_of(const data::Subject& subject, Partition partition) {
  std::vector<std::string> ids;
  if (!subject.has_pictures(partition) || !subject.has_responses(partition)) return ids;
  const data::Pictures& pictures = subject.pictures(partition);
  for (int64_t row = 0; row < pictures.size(); ++row) ids.push_back(pictures.id(row));
  return ids;
}

/// Rows of every id, or nothing where one is missing.
std::vector<int64_t> find_ids(const std::vector<std::string>& wanted, const std::vector<std::string>& ids) {
  std::vector<int64_t> rows;
  for (const std::string& id : wanted) {
    const auto found = std::find(ids.begin(), ids.end(), id);
    if (found == ids.end()) return {};
    rows.push_back(found - ids.begin());
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Trials trials_by_id(const std::string& text, const data::Subject& subject) {
  const std::vector<std::string> wanted = split_at_commas(text);
  std::vector<std::string> known;
  for (const Partition partition : {Partition::kTrain, Partition::kTest}) {
    const std::vector<std::string> ids = ids_of(subject, partition);
    std::vector<int64_t> rows = find_ids(wanted, ids);
    if (!rows.empty()) return {partition, std::move(rows)};
    known.insert(known.end(), ids.begin(), ids.end());
  }
  for (const std::string& id : wanted) {
    const bool there = std::find(known.begin(), known.end(), id) != known.end();
    FMRI2IMG_CHECK_USAGE(there,
                         "--trials {}: \"{}\" is neither train, validation, held-out, test, rows such as 0:100, "
                         "file:NAME, nor the id of a picture of \"{}\"{}",
                         text,
                         id,
                         subject.path().string(),
                         did_you_mean(id, known));
  }
  fail(ErrorKind::kWrongUsage,
       "--trials {}: these pictures are of both splits: reconstruct each split in its own run",
       text);
}

Trials parse_trials(const std::string& text, const data::Subject& subject, const std::vector<Member>& members) {
  if (text == "train" || text == "validation" || text == "held-out") return common_rows(text, members);
  if (text == "test") return {Partition::kTest, data::all_rows(subject.responses(Partition::kTest).rows())};
  if (text.starts_with(kTestPrefix)) {
    const std::string rows = text.substr(std::string(kTestPrefix).size());
    return {Partition::kTest, data::parse_rows(rows, subject.responses(Partition::kTest).rows(), kOption)};
  }
  if (const std::string file = trials_file(text); !file.empty()) {
    return {Partition::kTrain, data::read_row_list(file, subject, kOption)};
  }
  if (is_rows(text)) return {Partition::kTrain, data::parse_rows(text, subject.num_rows(Partition::kTrain), kOption)};
  return trials_by_id(text, subject);
}

}  // namespace

std::string trials_file(const std::string& text) {
  return text.starts_with(kFilePrefix) ? text.substr(std::string(kFilePrefix).size()) : "";
}

Trials select_trials(const std::string& text, const data::Subject& subject, const std::vector<Member>& members) {
  Trials trials = parse_trials(text, subject, members);
  FMRI2IMG_CHECK_USAGE(!trials.rows.empty(), "--trials {}: names no trial", text);
  return trials;
}

}  // namespace fmri2img::reconstruction
