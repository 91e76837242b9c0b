#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::data {

/// Rows named by a text such as "0:100,120,200:210": single rows and half-open ranges, 0-based, separated by commas.
/// "5:" runs to the end and ":5" from the start. The result is ascending; a row that is named twice counts once.
///
/// Throws Error (wrong usage) if the text is malformed, names a row outside 0 .. count - 1, or names none; the message
/// starts with `where` ("--train-rows").
std::vector<int64_t> parse_rows(std::string_view text, int64_t count, std::string_view where);

/// The shortest such text for ascending `rows`: {0, 1, 2, 7} is "0:3,7". Empty for no rows.
std::string format_rows(const std::vector<int64_t>& rows);

/// {0, 1, ..., count - 1}.
std::vector<int64_t> all_rows(int64_t count);

}  // namespace fmri2img::data
