#include "fmri2img/io/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"

namespace fmri2img::io {
namespace {

/// Reads records one after the other.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  bool at_end() const { return at_ == text_.size(); }
  int64_t line() const { return line_; }

  std::vector<std::string> record() {
    std::vector<std::string> fields{field()};
    while (take(',')) fields.push_back(field());
    take('\r');
    FMRI2IMG_CHECK(take('\n') || at_end(), "{}, line {}: text after a closing quote", where_, line_);
    ++line_;
    return fields;
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string field() {
    if (take('"')) return quoted();
    const size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string value(text_.substr(at_, end - at_));
    at_ = end;
    return value;
  }

  std::string quoted() {
    std::string value;
    while (true) {
      const size_t end = text_.find('"', at_);
      FMRI2IMG_CHECK(end != std::string_view::npos, "{}, line {}: a quote is not closed", where_, line_);
      value += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (!take('"')) return value;
      value += '"';
    }
  }

  std::string_view text_;
  std::string where_;
  size_t at_ = 0;
  int64_t line_ = 1;
};

}  // namespace

size_t CsvTable::column(const std::string& name) const {
  const auto found = std::ranges::find(columns, name);
  FMRI2IMG_CHECK(found != columns.end(), "{}: there is no column \"{}\"", where, name);
  return static_cast<size_t>(found - columns.begin());
}

CsvTable read_csv(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  FMRI2IMG_CHECK(!text.empty(), "{}: the table is empty", file.string());
  CsvReader reader(text, file.string());
  CsvTable table{.where = file.string()};
  table.columns = reader.record();
  while (!reader.at_end()) {
    const int64_t line = reader.line();
    table.rows.push_back(reader.record());
    FMRI2IMG_CHECK(table.rows.back().size() == table.columns.size(),
                   "{}, line {}: {} fields under {} columns",
                   table.where,
                   line,
                   table.rows.back().size(),
                   table.columns.size());
  }
  return table;
}

std::optional<double> number_in(const std::string& cell) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stopped, error] = std::from_chars(cell.data(), end, value);
  if (cell.empty() || error != std::errc() || stopped != end || !std::isfinite(value)) return {};
  return value;
}

}  // namespace fmri2img::io
