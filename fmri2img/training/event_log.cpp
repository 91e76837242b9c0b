#include "fmri2img/training/event_log.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/training/event_file.h"

namespace fmri2img::training {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTableName = "log.csv";
constexpr const char* kEventsPrefix = "events.out.tfevents.";

double now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string header_of(const std::vector<std::string>& tags) {
  return fmt::format("step,{}\n", fmt::join(tags, ","));
}

/// Length of the beginning of a table that holds whole rows of steps up to `last_step`.
int64_t table_prefix(std::string_view table, int64_t last_step) {
  size_t end = table.find('\n');
  if (end == std::string_view::npos) return 0;
  for (++end; end < table.size();) {
    const size_t next = table.find('\n', end);
    int64_t step = 0;
    const auto parsed = std::from_chars(table.data() + end, table.data() + table.size(), step);
    if (next == std::string_view::npos || parsed.ec != std::errc() || step > last_step) break;
    end = next + 1;
  }
  return static_cast<int64_t>(end);
}

/// The event file that an earlier run left, or the name of a new one.
fs::path events_path(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(kEventsPrefix)) found.push_back(entry.path());
  }
  if (!found.empty()) return *std::min_element(found.begin(), found.end());
  return folder / fmt::format("{}{:010}.fmri2img", kEventsPrefix, static_cast<int64_t>(now_s()));
}

}  // namespace

/// A file that only grows; every append is one write call.
class EventLog::AppendedFile {
 public:
  AppendedFile(fs::path path, int64_t keep_bytes) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0) refuse("open");
    if (::ftruncate(descriptor_, keep_bytes) != 0) refuse("cut back");
  }
  ~AppendedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse("write");
      bytes.remove_prefix(static_cast<size_t>(written));
    }
  }

 private:
  [[noreturn]] void refuse(const char* action) const {
    const int reason = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    fail(ErrorKind::kFailed, "cannot {} \"{}\": {}", action, path_.string(), std::strerror(reason));
  }

  fs::path path_;
  int descriptor_ = -1;
};

EventLog::EventLog(const fs::path& folder, std::vector<std::string> tags, int64_t last_step) : tags_(std::move(tags)) {
  const fs::path table = folder / kTableName;
  const fs::path events = events_path(folder);
  const std::string old_table = fs::exists(table) ? read_file(table) : "";
  const std::string old_events = fs::exists(events) ? read_file(events) : "";
  const int64_t table_size = table_prefix(old_table, last_step);
  const int64_t events_size = event_file_prefix(old_events, last_step);
  FMRI2IMG_CHECK(table_size == 0 || old_table.starts_with(header_of(tags_)),
                 "\"{}\" has the columns \"{}\", expected \"{}\"",
                 table.string(),
                 old_table.substr(0, old_table.find('\n')),
                 header_of(tags_).substr(0, header_of(tags_).size() - 1));
  table_ = std::make_unique<AppendedFile>(table, table_size);
  events_ = std::make_unique<AppendedFile>(events, events_size);
  if (table_size == 0) table_->append(header_of(tags_));
  if (events_size == 0) events_->append(tfrecord(version_event(now_s())));
}

EventLog::~EventLog() = default;

void EventLog::write(int64_t step, const std::vector<Scalar>& values) {
  std::string row = fmt::format("{}", step);
  for (const std::string& tag : tags_) {
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const Scalar& scalar) { return scalar.tag == tag; });
    row += value == values.end() ? "," : fmt::format(",{}", value->value);
  }
  std::string records;
  for (const Scalar& scalar : values) {
    FMRI2IMG_ASSERT(std::find(tags_.begin(), tags_.end(), scalar.tag) != tags_.end());
    records += tfrecord(scalar_event(now_s(), step, scalar.tag, static_cast<float>(scalar.value)));
  }
  table_->append(row + "\n");
  events_->append(records);
}

}  // namespace fmri2img::training
