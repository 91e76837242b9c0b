#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>
#include <unordered_map>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/split.h"
#include "fmri2img/data/subject.h"

namespace fmri2img::data {
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_row_text(const std::string& text) {
  return text.find_first_not_of("0123456789:, \t") == std::string::npos;
}

/// Without the comment, the spaces around and a carriage return.
std::string meaning_of(std::string line) {
  line.erase(std::min(line.find('#'), line.size()));
  return std::string(trimmed(line, " \t\r"));
}

/// Rows by every name that a picture goes by.
std::unordered_map<std::string, std::vector<int64_t>> rows_by_name(const Subject& subject) {
  std::unordered_map<std::string, std::vector<int64_t>> rows;
  if (!subject.has_pictures(Partition::kTrain)) return rows;
  const Pictures& pictures = subject.pictures(Partition::kTrain);
  for (int64_t row = 0; row < pictures.size(); ++row) {
    const std::filesystem::path& file = pictures.path(row);
    for (const std::string& name : std::set{pictures.id(row), file.stem().string(), file.filename().string()}) {
      rows[name].push_back(row);
    }
  }
  return rows;
}

std::set<int64_t> rows_of_file(const std::string& file, const Subject& subject, const std::string& option) {
  const auto named = rows_by_name(subject);
  std::set<int64_t> rows;
  int64_t ids = 0;
  int64_t unknown = 0;
  std::istringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) {
    const std::string text = meaning_of(line);
    if (text.empty()) continue;
    if (is_row_text(text)) {
      const auto parsed = parse_rows(text, subject.num_rows(Partition::kTrain), fmt::format("{} {}", option, file));
      rows.insert(parsed.begin(), parsed.end());
      continue;
    }
    ++ids;
    const auto found = named.find(text);
    if (found == named.end()) {
      ++unknown;
    } else {
      rows.insert(found->second.begin(), found->second.end());
    }
  }
  if (unknown > 0) {
    log_info("{} {}: {} of its {} picture ids are not among the training pictures of {}",
             option,
             file,
             format_count(unknown),
             format_count(ids),
             subject.name());
  }
  return rows;
}

/// The rows with the smallest hashes: a choice that depends on nothing but the rows themselves.
std::set<int64_t> spread_rows(const std::vector<int64_t>& pool, int64_t count) {
  std::vector<std::pair<uint64_t, int64_t>> ranked;
  for (const int64_t row : pool) ranked.emplace_back(splitmix64(static_cast<uint64_t>(row)), row);
  std::sort(ranked.begin(), ranked.end());
  std::set<int64_t> rows;
  for (int64_t i = 0; i < count; ++i) rows.insert(ranked[static_cast<size_t>(i)].second);
  return rows;
}

std::set<int64_t> rows_to_hold_out(const std::vector<int64_t>& pool,
                                   const std::string& choice,
                                   const Subject& subject) {
  if (!is_number(choice)) return rows_of_file(choice, subject, "--hold-out");
  int64_t count = 0;
  const auto result = std::from_chars(choice.data(), choice.data() + choice.size(), count);
  FMRI2IMG_CHECK_USAGE(result.ec == std::errc{} && count < static_cast<int64_t>(pool.size()),
                       "--hold-out {}: there are {} rows to choose from, and some must be left to train on",
                       choice,
                       format_count(static_cast<int64_t>(pool.size())));
  return spread_rows(pool, count);
}

}  // namespace

std::vector<int64_t> read_row_list(const std::string& file, const Subject& subject, const std::string& option) {
  const std::set<int64_t> rows = rows_of_file(file, subject, option);
  return {rows.begin(), rows.end()};
}

HoldOut apply_hold_out(const std::vector<int64_t>& pool, const std::string& file_or_number, const Subject& subject) {
  HoldOut result;
  const std::set<int64_t> chosen =
      file_or_number.empty() ? std::set<int64_t>{} : rows_to_hold_out(pool, file_or_number, subject);
  for (const int64_t row : pool) (chosen.contains(row) ? result.held_out : result.pool).push_back(row);
  std::sort(result.pool.begin(), result.pool.end());
  std::sort(result.held_out.begin(), result.held_out.end());
  FMRI2IMG_CHECK(file_or_number.empty() || file_or_number == "0" || !result.held_out.empty(),
                 "--hold-out {}: none of its rows or pictures is among the {} that would be trained on",
                 file_or_number,
                 format_count(static_cast<int64_t>(pool.size())));
  FMRI2IMG_CHECK(!result.pool.empty(), "--hold-out {}: nothing would be left to train on", file_or_number);
  return result;
}

}  // namespace fmri2img::data
