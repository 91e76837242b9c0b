#include "fmri2img/data/checks/finding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

constexpr size_t kMostListed = 5;

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      break;
  }
  return "note";
}

void Findings::add(
    Severity severity, std::string code, const std::filesystem::path& file, std::string what, std::string advice) {
  findings_.push_back(
      {severity, std::move(code), file.lexically_proximate(folder_), std::move(what), std::move(advice)});
}

std::string without_file(const std::string& message, const std::filesystem::path& file) {
  const std::string quoted = fmt::format("\"{}\"", file.string());
  if (!message.starts_with(quoted)) return message;
  const size_t rest = message.find_first_not_of(": ", quoted.size());
  return rest == std::string::npos ? message : message.substr(rest);
}

std::string list_some(const std::vector<int64_t>& numbers) {
  const size_t shown = std::min(numbers.size(), kMostListed);
  std::string text =
      fmt::format("{}", fmt::join(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown == numbers.size()) return text;
  return fmt::format("{} and {} more", text, format_count(static_cast<int64_t>(numbers.size() - shown)));
}

}  // namespace fmri2img::data
