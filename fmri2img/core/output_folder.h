#pragma once

#include <filesystem>

#include "fmri2img/core/manifest.h"

namespace fmri2img {

/// What to do where `--out` exists already.
struct OutputPolicy {
  bool overwrite = false;  ///< replace what is there
  bool resume = true;      ///< go on where the same run stopped; `train` wants `--resume` said
};

/// A run's output folder: made, resumed, refused or replaced by one rule for every command.
///
/// * A folder that does not exist (or is empty) is made.
/// * One that holds the same manifest is resumed, or refused with the way out where `policy.resume` is false.
/// * One with another manifest is refused; the message says what differs.
/// * One that holds an unfinished manifest and nothing else, of a run that failed before it wrote anything, is taken
/// over.
/// * One without a manifest of ours is never touched, not even with `overwrite`: it is not ours.
/// * `overwrite` removes what the earlier run wrote.
class OutputFolder {
 public:
  /// Throws Error as above, or if the folder cannot be written.
  OutputFolder(std::filesystem::path path, Manifest manifest, const OutputPolicy& policy);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

  /// True where an earlier, equal run left something to go on from.
  bool resumed() const { return resumed_; }

  /// True where that earlier run had reached its end.
  bool was_finished() const { return was_finished_; }

  /// Records the end of the run and its figures (peak memory is added).
  void finish(Json results = Json::object());

 private:
  std::filesystem::path path_;
  Manifest manifest_;
  bool resumed_ = false;
  bool was_finished_ = false;
};

}  // namespace fmri2img
