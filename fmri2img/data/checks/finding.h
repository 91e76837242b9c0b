#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::data {

/// How much a finding matters: an error stops `train` or makes its result wrong, a warning may be meant so, a note is
/// for information.
enum class Severity { kError, kWarning, kNote };

/// "error", "warning" or "note".
std::string_view severity_name(Severity severity);

/// One thing that a check has found.
struct Finding {
  Severity severity;
  std::string code;            ///< stable name for programs: "hemisphere-missing" (doc/formats/subject.md lists all)
  std::filesystem::path file;  ///< relative to the subject's folder; "." is the folder itself
  std::string what;            ///< what is the matter, with the numbers
  std::string advice;          ///< what to do about it; empty where there is nothing to do
};

/// "1 vertex", "20,544 vertices".
std::string counted(int64_t count, std::string_view one, std::string_view many);

/// A reader's message without the name of the file at its beginning, which the finding has already.
std::string without_file(const std::string& message, const std::filesystem::path& file);

/// "3, 17, 20, 21, 40 and 12 more".
std::string list_some(const std::vector<int64_t>& numbers);

}  // namespace fmri2img::data
