#include "fmri2img/evaluation/leak_guard.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;
using reconstruction::SeenPicture;

constexpr int64_t kNamedLeaks = 5;

std::string name_of_trial(const ResultRow& row) {
  return row.picture.empty() ? fmt::format("trial {}", row.trial) : row.picture;
}

std::string reason_of(const SeenPicture& seen) {
  std::string by = fmt::format("trained on by {}", fmt::join(seen.models, ", "));
  if (seen.how == reconstruction::kSameRow) return by;
  const char* joint = seen.how == reconstruction::kSameFile ? "as" : "of";
  return fmt::format("{} {} {}, {}", seen.how, joint, seen.training_picture, by);
}

/// The models that rows of each trial name as trained on it.
std::map<int64_t, std::vector<std::string>> models_by_trial(const Results& results) {
  std::map<int64_t, std::vector<std::string>> models;
  for (const ResultRow& row : results.rows) {
    if (row.trained_on && row.model != reconstruction::kAverageName) models[row.trial].push_back(row.model);
  }
  return models;
}

/// The first reason of each trial: its own row before another one.
std::map<int64_t, std::string> reasons_by_trial(const Results& results) {
  std::map<int64_t, std::string> reasons;
  for (const SeenPicture& seen : reconstruction::read_seen_pictures(results.folder)) {
    if (seen.how == reconstruction::kSameRow) reasons[seen.trial] = reason_of(seen);
    reasons.try_emplace(seen.trial, reason_of(seen));
  }
  return reasons;
}

/// Where those that `name_some` does not name can be read.
std::string where_all_are(const Results& results, const std::vector<std::string>& leaks) {
  if (static_cast<int64_t>(leaks.size()) <= kNamedLeaks) return {};
  const std::filesystem::path reasons = results.folder / reconstruction::kSeenPicturesFile;
  if (std::filesystem::exists(reasons)) return fmt::format(" (all of them: \"{}\")", reasons.string());
  return fmt::format(" (all of them: trained_on in \"{}\")", (results.folder / "trials.csv").string());
}

}  // namespace

std::vector<std::string> find_leaks(const Results& results, const std::vector<ResultRow>& rows) {
  const auto models = models_by_trial(results);
  const auto reasons = reasons_by_trial(results);
  std::vector<std::string> leaks;
  for (const ResultRow& row : rows) {
    const auto trained = models.find(row.trial);
    if (trained == models.end()) continue;
    const auto reason = reasons.find(row.trial);
    leaks.push_back(fmt::format(
        "{} ({})",
        name_of_trial(row),
        reason != reasons.end() ? reason->second : fmt::format("trained on by {}", fmt::join(trained->second, ", "))));
  }
  return leaks;
}

std::string name_some(const std::vector<std::string>& leaks) {
  const auto all = static_cast<int64_t>(leaks.size());
  const int64_t named = std::min(all, kNamedLeaks);
  const std::string names = fmt::format("{}", fmt::join(leaks.begin(), leaks.begin() + named, ", "));
  return all > named ? fmt::format("{} and {} more", names, format_count(all - named)) : names;
}

void refuse_leaks(const Results& results, const std::vector<std::string>& leaks, size_t images, bool allowed) {
  if (leaks.empty() || allowed) return;
  fail(ErrorKind::kMismatch,
       "{} of the {} pictures were trained on: {}{}. Their scores would say nothing about new pictures. Reconstruct "
       "trials that were held out (train --hold-out; reconstruct --trials held-out or test), or say "
       "--allow-training-rows",
       format_count(static_cast<int64_t>(leaks.size())),
       format_count(static_cast<int64_t>(images)),
       name_some(leaks),
       where_all_are(results, leaks));
}

void record_leaks(const std::filesystem::path& folder,
                  const std::string& protocol,
                  const std::vector<std::string>& leaks) {
  const std::filesystem::path path = folder / "manifest.json";
  Manifest manifest = Manifest::read(path);
  Json& results = manifest.results;
  const bool noted = results.contains("evaluations") && results["evaluations"].contains(protocol);
  if (leaks.empty() && !noted) return;
  results["evaluations"][protocol] = {{"allow_training_rows", !leaks.empty()}, {"trained_on", leaks}};
  write_json(path, manifest.to_json());
}

}  // namespace fmri2img::evaluation
