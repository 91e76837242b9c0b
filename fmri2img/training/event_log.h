#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fmri2img::training {

/// One value of one curve.
struct Scalar {
  std::string tag;  ///< "train/loss"
  double value;
};

/// The curves of a run, in two files: `log.csv` for people and `events.out.tfevents.<seconds>.fmri2img` for TensorBoard
/// (and whatever reads its files). Layout: doc/formats/event_log.md.
///
/// Each `write` is on its way to the disk when it returns. Opening the log of an earlier run cuts both files back to
/// `last_step`: rows of steps that will be made again, and whatever a killed process left half written, go away.
class EventLog {
 public:
  /// Makes the files in `folder`, or goes on with them. The tags are the columns of the table, in this order.
  /// Throws Error if a file cannot be written, or if an existing table has other columns.
  EventLog(const std::filesystem::path& folder, std::vector<std::string> tags, int64_t last_step);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// One row of the table; tags that are not given stay empty. REQUIRES: every tag is one of the constructor's.
  void write(int64_t step, const std::vector<Scalar>& values);

 private:
  class AppendedFile;
  std::vector<std::string> tags_;
  std::unique_ptr<AppendedFile> table_, events_;
};

}  // namespace fmri2img::training
