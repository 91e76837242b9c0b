#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::reconstruction {

/// One line of a CSV file; fields that hold a comma, a quote or a line break are quoted.
std::string csv_line(const std::vector<std::string>& fields);

/// Nine digits; empty for nothing.
std::string csv_number(const std::optional<double>& value);

/// The table of trials and models (doc/formats/results.md), as CSV with a head and as JSON lines.
std::string rows_to_csv(const std::vector<ResultRow>& rows);
std::string rows_to_json_lines(const std::vector<ResultRow>& rows);

/// Reads the JSON lines. Throws Error naming file and line for what is not such a row, or if there is none.
std::vector<ResultRow> read_rows(const std::filesystem::path& path);

}  // namespace fmri2img::reconstruction
