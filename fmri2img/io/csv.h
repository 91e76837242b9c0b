#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fmri2img::io {

/// A table with a head, all cells as text.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< as long as `columns`

  /// Throws Error naming `column` if there is none of that name.
  [[nodiscard]] size_t column(const std::string& name) const;

  std::string where;  ///< the file, for messages
};

/// RFC 4180: quotes around a field, doubled inside it; line ends may be CR LF. Throws Error naming file and line for a
/// row of another length than the head, for a quote that is not closed, and for an empty file.
CsvTable read_csv(const std::filesystem::path& file);

/// The number in a cell; nothing where it is empty or no number.
std::optional<double> number_in(const std::string& cell);

}  // namespace fmri2img::io
