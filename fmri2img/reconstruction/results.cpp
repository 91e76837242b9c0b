#include "fmri2img/reconstruction/results.h"

#include <fmt/format.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/reconstruction/tables.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFormat = "fmri2img results";
constexpr int kVersion = 4;
constexpr int kVersionWithoutPairs = 3;      // of high-level images; differs in nothing else
constexpr int kVersionOfReducedTargets = 2;  // has none either
constexpr const char* kRecordFile = "results.json";
constexpr const char* kTableFile = "trials.jsonl";

void require_finished(const fs::path& folder) {
  FMRI2IMG_CHECK(fs::is_directory(folder), "\"{}\" is no folder: give what `reconstruct` wrote", folder.string());
  FMRI2IMG_CHECK(fs::exists(folder / "manifest.json"),
                 "\"{}\" is no results folder (it has no manifest.json): give what `reconstruct` wrote",
                 folder.string());
  const Manifest manifest = Manifest::read(folder / "manifest.json");
  FMRI2IMG_CHECK(manifest.command == "reconstruct",
                 "\"{}\" was made by \"{}\": give a folder that `reconstruct` wrote",
                 folder.string(),
                 manifest.command);
  FMRI2IMG_CHECK(!manifest.finished.empty() && fs::exists(folder / kRecordFile),
                 "the reconstruction in \"{}\" has not ended: run its command again to go on",
                 folder.string());
}

}  // namespace

std::string target_file(int64_t trial) {
  return fmt::format("targets/target_{}.png", trial);
}

std::string low_level_file(const std::string& model, int64_t trial) {
  return fmt::format("candidates/{}/low_{}.png", model, trial);
}

std::string high_level_file(const std::string& model, int64_t trial) {
  return fmt::format("candidates/{}/high_{}.png", model, trial);
}

std::string prompt_file(const std::string& model, int64_t trial) {
  return fmt::format("candidates/{}/high_{}.json", model, trial);
}

std::string embeddings_file(int64_t trial) {
  return fmt::format("embeddings/trial_{}.safetensors", trial);
}

std::string result_strip_file(int64_t trial) {
  return fmt::format("result_{}.png", trial);
}

std::string low_level_strip_file(int64_t trial) {
  return fmt::format("low_level_{}.png", trial);
}

void write_results(const Results& results) {
  write_file(results.folder / "trials.csv", rows_to_csv(results.rows));
  write_file(results.folder / kTableFile, rows_to_json_lines(results.rows));
  write_json(results.folder / kRecordFile,
             {{"format", kFormat},
              {"version", results.targets_as_shown ? kVersion : kVersionOfReducedTargets},
              {"subject", results.subject},
              {"partition", results.partition},
              {"trials", results.trials},
              {"models", results.models},
              {"height", results.height},
              {"width", results.width},
              {"mean_picture", results.mean_picture},
              {"mean_picture_of", results.mean_picture_of},
              {"vote", results.vote},
              {"high_height", results.high_height},
              {"high_width", results.high_width}});
}

Results read_results(const fs::path& folder) {
  require_finished(folder);
  const fs::path path = folder / kRecordFile;
  JsonFields fields(read_json(path), fmt::format("\"{}\"", path.string()));
  fields.only("format", kFormat);
  const int version = fields.require<int>("version");
  FMRI2IMG_CHECK(version >= kVersionOfReducedTargets && version <= kVersion,
                 "\"{}\" is of version {}, this program knows {} to {}: reconstruct again",
                 path.string(),
                 version,
                 kVersionOfReducedTargets,
                 kVersion);
  Results results;
  results.targets_as_shown = version >= kVersionWithoutPairs;
  results.folder = folder;
  results.subject = fields.require<std::string>("subject");
  results.partition = fields.require<std::string>("partition");
  results.trials = fields.require<std::string>("trials");
  results.models = fields.require<std::vector<std::string>>("models");
  results.height = fields.require<int64_t>("height");
  results.width = fields.require<int64_t>("width");
  results.mean_picture = fields.require<std::string>("mean_picture");
  results.mean_picture_of = fields.require<int64_t>("mean_picture_of");
  results.vote = fields.require<std::string>("vote");
  results.high_height = fields.require<int64_t>("high_height");
  results.high_width = fields.require<int64_t>("high_width");
  fields.finish();
  results.rows = read_rows(folder / kTableFile);
  return results;
}

}  // namespace fmri2img::reconstruction
