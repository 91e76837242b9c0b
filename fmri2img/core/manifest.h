#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img {

/// The version of this program, as in `fmri2img --version`.
std::string version();

/// What made an output folder: kept as `manifest.json` in it.
///
/// Two runs are the same when command, settings, inputs and models agree; threads, progress and times do not count.
struct Manifest {
  std::string command;                        ///< "train"
  std::vector<std::string> command_line;      ///< as typed
  Json settings = Json::object();             ///< every option that decides the result, seeds among them
  std::map<std::string, std::string> inputs;  ///< path -> fingerprint
  std::map<std::string, std::string> models;  ///< path -> fingerprint
  std::string started;                        ///< UTC, ISO 8601; filled by `OutputFolder`
  std::string finished;                       ///< empty while the run has not ended
  Json results = Json::object();              ///< figures of the finished run, such as peak memory; not compared

  Json to_json() const;

  /// Throws Error if the file is missing or malformed.
  static Manifest read(const std::filesystem::path& path);

  /// Sentences such as `setting "seed" is 42 there and 7 here`, empty where the runs are the same.
  std::vector<std::string> differences(const Manifest& other) const;
};

/// The time now, UTC, like 2026-01-31T12:00:00Z.
std::string utc_now();

}  // namespace fmri2img
