#include "fmri2img/reconstruction/results.h"

#include <fmt/format.h>

#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFormat = "fmri2img results";
constexpr int kVersion = 1;
constexpr const char* kRecordFile = "results.json";
constexpr const char* kTableFile = "trials.jsonl";

/// A field of a CSV file: quoted where it holds what would end it.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string to_csv(const std::vector<ResultRow>& rows) {
  std::string text = "trial,picture,model,trained_on,target,low\n";
  for (const ResultRow& row : rows) {
    text += fmt::format("{},{},{},{},{},{}\n",
                        row.trial,
                        csv_field(row.picture),
                        csv_field(row.model),
                        row.trained_on,
                        csv_field(row.target),
                        csv_field(row.low));
  }
  return text;
}

std::string to_json_lines(const std::vector<ResultRow>& rows) {
  std::string text;
  for (const ResultRow& row : rows) {
    const Json line = {{"trial", row.trial},
                       {"picture", row.picture},
                       {"model", row.model},
                       {"trained_on", row.trained_on},
                       {"target", row.target},
                       {"low", row.low}};
    text += line.dump() + "\n";
  }
  return text;
}

ResultRow read_row(const std::string& line, const std::string& where) {
  JsonFields fields(parse_json(line, where), where);
  ResultRow row;
  row.trial = fields.require<int64_t>("trial");
  row.picture = fields.require<std::string>("picture");
  row.model = fields.require<std::string>("model");
  row.trained_on = fields.require<bool>("trained_on");
  row.target = fields.require<std::string>("target");
  row.low = fields.require<std::string>("low");
  fields.finish();
  return row;
}

std::vector<ResultRow> read_rows(const fs::path& path) {
  std::istringstream stream(read_file(path));
  std::vector<ResultRow> rows;
  for (std::string line; std::getline(stream, line);) {
    rows.push_back(read_row(line, fmt::format("\"{}\" line {}", path.string(), rows.size() + 1)));
  }
  FMRI2IMG_CHECK(!rows.empty(), "\"{}\" holds no trials", path.string());
  return rows;
}

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

void write_results(const Results& results) {
  write_file(results.folder / "trials.csv", to_csv(results.rows));
  write_file(results.folder / kTableFile, to_json_lines(results.rows));
  write_json(results.folder / kRecordFile,
             {{"format", kFormat},
              {"version", kVersion},
              {"subject", results.subject},
              {"partition", results.partition},
              {"trials", results.trials},
              {"models", results.models},
              {"height", results.height},
              {"width", results.width},
              {"mean_picture", results.mean_picture},
              {"mean_picture_of", results.mean_picture_of}});
}

Results read_results(const fs::path& folder) {
  require_finished(folder);
  const fs::path path = folder / kRecordFile;
  JsonFields fields(read_json(path), fmt::format("\"{}\"", path.string()));
  fields.only("format", kFormat);
  const int version = fields.require<int>("version");
  FMRI2IMG_CHECK(version == kVersion,
                 "\"{}\" is of version {}, this program knows {}: reconstruct again",
                 path.string(),
                 version,
                 kVersion);
  Results results;
  results.folder = folder;
  results.subject = fields.require<std::string>("subject");
  results.partition = fields.require<std::string>("partition");
  results.trials = fields.require<std::string>("trials");
  results.models = fields.require<std::vector<std::string>>("models");
  results.height = fields.require<int64_t>("height");
  results.width = fields.require<int64_t>("width");
  results.mean_picture = fields.require<std::string>("mean_picture");
  results.mean_picture_of = fields.require<int64_t>("mean_picture_of");
  fields.finish();
  results.rows = read_rows(folder / kTableFile);
  return results;
}

}  // namespace fmri2img::reconstruction
