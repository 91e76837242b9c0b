#include "fmri2img/evaluation/score_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/evaluation/picture_choice.h"
#include "fmri2img/io/csv.h"

namespace fmri2img::evaluation {
namespace fs = std::filesystem;
namespace {

constexpr size_t kDescribingColumns = 4;                  // trial, picture, model, trained_on; scores follow
constexpr const char* kCaptionColumn = "target_caption";  // behind the scores

std::optional<int64_t> parse_trial(const std::string& text) {
  int64_t trial = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), trial);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size() ? std::make_optional(trial) : std::nullopt;
}

void read_head(ScoreTable& table, const io::CsvTable& csv) {
  const std::vector<std::string>& head = csv.columns;
  FMRI2IMG_CHECK(head.size() > kDescribingColumns && head[0] == "trial" && head[1] == "picture",
                 "\"{}\" is no table of scores (its columns are {}): evaluate again",
                 csv.where,
                 fmt::join(head, ", "));
  const bool captions = head.back() == kCaptionColumn;
  table.scores.assign(head.begin() + kDescribingColumns, head.end() - (captions ? 1 : 0));
  table.values.resize(table.scores.size());
}

void read_image(ScoreTable& table, const io::CsvTable& csv, size_t row) {
  const std::vector<std::string>& fields = csv.rows[row];
  const auto trial = parse_trial(fields[0]);
  FMRI2IMG_CHECK(trial, "\"{}\" row {}: \"{}\" is no trial: evaluate again", csv.where, row + 1, fields[0]);
  table.trials.push_back(*trial);
  table.pictures.push_back(fields[1]);
  for (size_t i = 0; i < table.scores.size(); ++i) {
    const std::string& text = fields[kDescribingColumns + i];
    table.values[i].push_back(io::number_in(text));
    FMRI2IMG_CHECK(text.empty() || table.values[i].back(),
                   "\"{}\" row {}: {} is \"{}\", which is no number: evaluate again",
                   csv.where,
                   row + 1,
                   table.scores[i],
                   text);
  }
}

void read_images(ScoreTable& table, const fs::path& file) {
  const io::CsvTable csv = io::read_csv(file);
  read_head(table, csv);
  for (size_t row = 0; row < csv.rows.size(); ++row) read_image(table, csv, row);
}

void read_making(ScoreTable& table, const Json& evaluation) {
  table.csls = evaluation.value("csls", false);
  for (const Json& network : evaluation.value("networks", Json::array())) {
    for (const Json& score : network.value("scores", Json::array()))
      table.weights[score.get<std::string>()].push_back(network.value("hash", ""));
  }
  for (auto& [score, hashes] : table.weights) std::sort(hashes.begin(), hashes.end());
}

}  // namespace

ScoreTable read_score_table(const fs::path& folder, const Protocol& protocol) {
  const reconstruction::Results results = reconstruction::read_results(folder);
  const fs::path record = folder / ("evaluation" + protocol.file_suffix() + ".json");
  FMRI2IMG_CHECK(fs::exists(record),
                 "\"{}\" was not evaluated with preset {}: run fmri2img evaluate {}{} first",
                 folder.string(),
                 protocol.label(),
                 folder.string(),
                 protocol.options());
  const Json evaluation = read_json(record);
  ScoreTable table;
  table.folder = folder;
  table.preset = protocol.name;
  table.model = evaluation.value("model", "");
  table.antialias = evaluation.value("antialias", false);
  table.targets_as_shown = results.targets_as_shown;
  table.subject = results.subject;
  table.partition = results.partition;
  read_making(table, evaluation);
  read_images(table, folder / ("evaluation" + protocol.file_suffix() + ".csv"));
  return table;
}

ScoreTable table_to_be(const reconstruction::Results& results, const Protocol& protocol) {
  const PictureChoice answer = picture_choices(results).front();
  ScoreTable table;
  table.folder = results.folder;
  table.preset = protocol.name;
  table.model = choice_name(results, answer);
  table.antialias = protocol.antialias;
  table.targets_as_shown = results.targets_as_shown;
  table.subject = results.subject;
  table.partition = results.partition;
  for (const reconstruction::ResultRow& row : rows_of(results, answer)) {
    table.trials.push_back(row.trial);
    table.pictures.push_back(row.picture);
  }
  return table;
}

}  // namespace fmri2img::evaluation
