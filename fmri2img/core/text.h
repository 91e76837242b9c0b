#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img {

/// "1.66 GB", "312 KB", "17 bytes": decimal units, three digits.
std::string format_bytes(int64_t bytes);

/// "2 h 05 min", "3 min 20 s", "12 s".
std::string format_duration(double seconds);

/// `39548` as "39,548".
std::string format_count(int64_t count);

/// "1 vertex", "20,544 vertices".
std::string counted(int64_t count, std::string_view one, std::string_view many);

/// "10 x 3 x 28 x 28", or "scalar".
std::string format_shape(const std::vector<int64_t>& shape);

/// `text` without what of `white_space` is at its ends.
std::string_view trimmed(std::string_view text, std::string_view white_space = " \t\r\n");

/// Up to three of `known` that `name` was probably meant to be, nearest first (edit distance, case ignored).
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& known);

/// ` (did you mean "FFA-1" or "FFA-2"?)`, or "" where nothing is near. For the end of a message.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

}  // namespace fmri2img
