#include "fmri2img/data/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

struct RowRange {
  int64_t begin;
  int64_t end;
};

class RowParser {
 public:
  RowParser(std::string_view text, int64_t count, std::string_view where) : text_(text), count_(count), where_(where) {}

  /// One comma-separated part.
  RowRange range(std::string_view part) const {
    const size_t colon = part.find(':');
    if (colon == std::string_view::npos) {
      const int64_t row = number(part);
      check_range({row, row + 1});
      return {row, row + 1};
    }
    const std::string_view from = trimmed(part.substr(0, colon));
    const std::string_view to = trimmed(part.substr(colon + 1));
    const RowRange range{from.empty() ? 0 : number(from), to.empty() ? count_ : number(to)};
    check_range(range);
    return range;
  }

 private:
  int64_t number(std::string_view word) const {
    word = trimmed(word);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    FMRI2IMG_CHECK_USAGE(error == std::errc{} && end == word.data() + word.size() && value >= 0,
                         "{} \"{}\": \"{}\" is not a row; expected numbers from 0 and half-open ranges, like 0:100,120",
                         where_,
                         text_,
                         word);
    return value;
  }

  void check_range(RowRange range) const {
    FMRI2IMG_CHECK_USAGE(range.begin < range.end,
                         "{} \"{}\": {}:{} names no row; a range ends before its second number",
                         where_,
                         text_,
                         range.begin,
                         range.end);
    FMRI2IMG_CHECK_USAGE(range.end <= count_,
                         "{} \"{}\": row {} does not exist; there are {} rows, 0 to {}",
                         where_,
                         text_,
                         std::max(range.begin, count_),
                         format_count(count_),
                         count_ - 1);
  }

  std::string_view text_;
  int64_t count_;
  std::string_view where_;
};

}  // namespace

std::vector<int64_t> parse_rows(std::string_view text, int64_t count, std::string_view where) {
  const RowParser parser(text, count, where);
  std::vector<bool> chosen(static_cast<size_t>(count), false);
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    const RowRange range = parser.range(text.substr(begin, comma - begin));
    std::fill(chosen.begin() + range.begin, chosen.begin() + range.end, true);
    begin = comma + 1;
  }
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < count; ++row) {
    if (chosen[static_cast<size_t>(row)]) rows.push_back(row);
  }
  return rows;
}

std::string format_rows(const std::vector<int64_t>& rows) {
  std::string text;
  for (size_t first = 0; first < rows.size();) {
    size_t last = first;
    while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += first == last ? fmt::format("{}", rows[first]) : fmt::format("{}:{}", rows[first], rows[last] + 1);
    first = last + 1;
  }
  return text;
}

std::vector<int64_t> all_rows(int64_t count) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

}  // namespace fmri2img::data
