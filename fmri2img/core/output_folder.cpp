#include "fmri2img/core/output_folder.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"

namespace fmri2img {
namespace fs = std::filesystem;
namespace {

constexpr const char* kManifestName = "manifest.json";

/// Whether a program of ours wrote the manifest; other programs have files of this name too.
bool is_ours(const fs::path& manifest) {
  if (!fs::exists(manifest)) return false;
  const Json json = Json::parse(read_file(manifest), nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.value("program", Json()) == "fmri2img";
}

bool is_empty_or_missing(const fs::path& path) {
  return !fs::exists(path) || (fs::is_directory(path) && fs::is_empty(path));
}

bool is_begun(const fs::path& manifest) {
  return is_ours(manifest) && Manifest::read(manifest).finished.empty();
}

/// Where a run, and those of its own in folders below, were refused or stopped before they had written anything: the
/// corrected command may have the folder.
bool holds_nothing_but_manifests(const fs::path& path) {
  if (!is_begun(path / kManifestName)) return false;
  return std::ranges::all_of(fs::recursive_directory_iterator(path), [](const fs::directory_entry& entry) {
    return entry.is_directory() || (entry.path().filename() == kManifestName && is_begun(entry.path()));
  });
}

void refuse_different(const fs::path& path, const std::vector<std::string>& differences) {
  FMRI2IMG_CHECK_USAGE(differences.empty(),
                       "\"{}\" holds another run: {}; choose another --out, or replace it with --overwrite",
                       path.string(),
                       fmt::join(differences, "; "));
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", path.string(), error.message());
}

}  // namespace

OutputFolder::OutputFolder(fs::path path, Manifest manifest, const OutputPolicy& policy)
    : path_(std::move(path)), manifest_(std::move(manifest)) {
  manifest_.started = utc_now();
  if (!is_empty_or_missing(path_)) {
    FMRI2IMG_CHECK_USAGE(fs::is_directory(path_), "--out \"{}\" is a file, a folder is needed", path_.string());
    FMRI2IMG_CHECK_USAGE(
        is_ours(path_ / kManifestName),
        "--out \"{}\" exists and was not made by fmri2img (it has no {} of ours): choose another folder",
        path_.string(),
        kManifestName);
    if (policy.overwrite) {
      fs::remove_all(path_);
    } else if (!holds_nothing_but_manifests(path_)) {
      const Manifest there = Manifest::read(path_ / kManifestName);
      refuse_different(path_, there.differences(manifest_));
      FMRI2IMG_CHECK_USAGE(policy.resume,
                           "\"{}\" holds this run already: go on with --resume, or start afresh with --overwrite",
                           path_.string());
      resumed_ = true;
      was_finished_ = !there.finished.empty();
      manifest_.started = there.started;
      manifest_.finished = there.finished;
      manifest_.results = there.results;
    }
  }
  make_folder(path_);
  if (!resumed_) write_json(path_ / kManifestName, manifest_.to_json());
}

void OutputFolder::finish(Json results) {
  results["peak_memory_bytes"] = peak_memory();
  manifest_.results.update(results);  // what later commands noted there stays
  manifest_.finished = utc_now();
  write_json(path_ / kManifestName, manifest_.to_json());
}

}  // namespace fmri2img
