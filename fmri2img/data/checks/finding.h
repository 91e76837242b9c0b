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
  std::filesystem::path file;  ///< relative to the folder that was looked at; "." is the folder itself
  std::string what;            ///< what is the matter, with the numbers
  std::string advice;          ///< what to do about it; empty where there is nothing to do
};

/// Collects findings about a folder.
class Findings {
 public:
  explicit Findings(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<Finding>& all() const { return findings_; }

  /// `file` may be inside the folder in any form.
  void add(
      Severity severity, std::string code, const std::filesystem::path& file, std::string what, std::string advice);

 private:
  std::filesystem::path folder_;
  std::vector<Finding> findings_;
};

/// A reader's message without the name of the file at its beginning, which the finding has already.
std::string without_file(const std::string& message, const std::filesystem::path& file);

/// "3, 17, 20, 21, 40 and 12 more".
std::string list_some(const std::vector<int64_t>& numbers);

}  // namespace fmri2img::data
