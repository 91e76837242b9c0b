#include "fmri2img/reconstruction/check_results.h"

#include <map>
#include <set>
#include <string>

#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kWayOut = "copy the folder again, or reconstruct again";

void require_every_model_once(const Results& results) {
  std::map<int64_t, std::multiset<std::string>> models;
  for (const ResultRow& row : results.rows) models[row.trial].insert(row.model);
  for (const auto& [trial, made] : models) {
    for (const std::string& model : results.models) {
      const size_t count = made.count(model);
      FMRI2IMG_CHECK(count == 1,
                     "\"{}\": trial {} stands {} in trials.jsonl for model \"{}\": {}",
                     results.folder.string(),
                     trial,
                     count == 0 ? "nowhere" : fmt::format("{} times", count),
                     model,
                     kWayOut);
    }
  }
}

void require_all_rows(const Results& results) {
  const Json recorded = Manifest::read(results.folder / "manifest.json").results;
  const auto rows = static_cast<int64_t>(results.rows.size());
  const int64_t images = recorded.value("images", rows);
  FMRI2IMG_CHECK(images == rows,
                 "\"{}\": trials.jsonl has {} images, the run made {}: {}",
                 results.folder.string(),
                 format_count(rows),
                 format_count(images),
                 kWayOut);
}

void require_no_other_target(const Results& results) {
  std::set<std::string> known;
  for (const ResultRow& row : results.rows) known.insert(row.target);
  if (!fs::is_directory(results.folder / "targets")) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(results.folder / "targets")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || entry.path().extension() != ".png") continue;
    FMRI2IMG_CHECK(known.contains("targets/" + name),
                   "\"{}\" is the target of no trial in trials.jsonl: is it of another run? {}",
                   entry.path().string(),
                   kWayOut);
  }
}

}  // namespace

void check_results(const Results& results) {
  require_every_model_once(results);
  require_all_rows(results);
  require_no_other_target(results);
}

}  // namespace fmri2img::reconstruction
