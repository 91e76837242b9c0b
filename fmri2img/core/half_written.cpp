#include "fmri2img/core/half_written.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace fmri2img {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = ".tmp-";

std::optional<pid_t> writer_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const size_t mark = name.rfind(kMark);
  if (!name.starts_with('.') || mark == std::string::npos) return std::nullopt;
  const char *digits = name.data() + mark + kMark.size(), *end = name.data() + name.size();
  pid_t process = 0;
  const auto [rest, error] = std::from_chars(digits, end, process);
  if (error != std::errc() || rest != end || process <= 0) return std::nullopt;
  return process;
}

bool is_running(pid_t process) {
  return ::kill(process, 0) == 0 || errno != ESRCH;
}

}  // namespace

fs::path half_written_name(const fs::path& file) {
  return file.parent_path() / fmt::format(".{}{}{}", file.filename().string(), kMark, ::getpid());
}

bool is_half_written(const fs::path& file) {
  return writer_of(file).has_value();
}

void remove_half_written(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> left;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, ignored)) {
    const std::optional<pid_t> process = writer_of(entry.path());
    if (process && entry.is_regular_file(ignored) && !is_running(*process)) left.push_back(entry.path());
  }
  for (const fs::path& file : left) fs::remove(file, ignored);
}

}  // namespace fmri2img
