#include "fmri2img/experiments/row_values.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"

namespace fmri2img::experiments {
namespace {

template <class Number> bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void write_row_values(const std::filesystem::path& file, const std::string& name, const RowValues& values) {
  FMRI2IMG_ASSERT(values.rows.size() == values.values.size());
  std::string text = fmt::format("row,{}\n", name);
  for (size_t i = 0; i < values.rows.size(); ++i) text += fmt::format("{},{}\n", values.rows[i], values.values[i]);
  write_file(file, text);
}

RowValues read_row_values(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  RowValues table;
  std::string line;
  std::getline(lines, line);
  for (int64_t number = 2; std::getline(lines, line); ++number) {
    const size_t comma = line.find(',');
    int64_t row = 0;
    double value = 0;
    FMRI2IMG_CHECK(
        comma != std::string::npos && read_number(std::string_view(line).substr(0, comma), row) &&
            read_number(std::string_view(line).substr(comma + 1), value),
        "\"{}\" line {}: expected a row and a number, found \"{}\": remove the file, and run the same command "
        "again",
        file.string(),
        number,
        line);
    table.rows.push_back(row);
    table.values.push_back(value);
  }
  return table;
}

}  // namespace fmri2img::experiments
