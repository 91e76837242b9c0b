#include "fmri2img/evaluation/score_report.h"

#include <fmt/format.h>

#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/text.h"

namespace fmri2img::evaluation {
namespace {

/// Every key there may be, so that a missing score is a null and not a missing key.
const std::vector<std::string>& score_names() {
  static const std::vector<std::string> kNames{
      "pixel_correlation", "mse", "ssim", "ssim_1d", "identification", "identification_n_way", "identification_top1"};
  return kNames;
}

const Score* find_score(const ScoreLine& line, const std::string& name) {
  for (const Score& score : line.scores) {
    if (score.name == name) return &score;
  }
  return nullptr;
}

Json to_json(const Score* score) {
  if (score == nullptr || !score->interval) return {{"mean", nullptr}, {"low", nullptr}, {"high", nullptr}};
  Json json = {{"mean", score->interval->mean}, {"low", score->interval->low}, {"high", score->interval->high}};
  if (score->undefined > 0) json["undefined"] = score->undefined;
  return json;
}

void add_scores(Json& json, const ScoreLine& line, int64_t among) {
  for (const std::string& name : score_names()) {
    json[name] = to_json(find_score(line, name));
    if (among > 0 && (name == "identification_n_way" || name == "identification_top1")) json[name]["n"] = among;
  }
}

std::string number(double value) {
  return fmt::format("{:.4f}", value);
}

std::string cell(const Score* score) {
  if (score == nullptr || !score->interval) return "-";
  const statistics::Interval& interval = *score->interval;
  if (interval.low == interval.high) return number(interval.mean);
  return fmt::format("{} [{}, {}]", number(interval.mean), number(interval.low), number(interval.high));
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "";
}

std::string readable(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

/// What else the run made, a line each.
std::string others_table(const std::vector<ScoreLine>& others) {
  if (others.empty()) return {};
  std::string text = fmt::format("\n{:<22}", "also made");
  for (const Score& score : others.front().scores) text += fmt::format("  {:<25}", readable(score.name));
  text += "\n";
  for (const ScoreLine& line : others) {
    text += fmt::format("{:<22}", line.name);
    for (const Score& score : line.scores) text += fmt::format("  {:<25}", cell(&score));
    text += "\n";
  }
  return text;
}

std::string file_suffix(const Evaluation& evaluation) {
  return evaluation.protocol.name == "native" ? "" : "_" + evaluation.protocol.name;
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
  Json json = {{"images", evaluation.images.size()},
               {"preset", evaluation.protocol.name},
               {"model", evaluation.model},
               {"training_rows", evaluation.training_rows},
               {"trained_on", evaluation.trained_on},
               {"seed", evaluation.seed}};
  add_scores(json, evaluation.model_scores, evaluation.among);
  json["published"] = evaluation.protocol.published;
  json["antialias"] = evaluation.protocol.antialias;
  json["baselines"] = Json::object();
  for (const ScoreLine& line : evaluation.baselines) {
    json["baselines"][line.name] = Json::object();
    add_scores(json["baselines"][line.name], line, evaluation.among);
  }
  json["others"] = Json::object();
  for (const ScoreLine& line : evaluation.others) {
    for (const Score& score : line.scores) json["others"][line.name][score.name] = to_json(&score);
  }
  json["notes"] = evaluation.notes;
  return json;
}

std::string to_csv(const Evaluation& evaluation) {
  std::string text = "trial,picture,model,trained_on,pixel_correlation,mse,ssim,ssim_1d,identification\n";
  for (const ScoredImage& image : evaluation.images) {
    text += fmt::format("{},\"{}\",\"{}\",{},{},{},{},{},{}\n",
                        image.row.trial,
                        image.row.picture,
                        image.row.model,
                        image.row.trained_on,
                        csv_number(image.scores.pixel_correlation),
                        csv_number(image.scores.mse),
                        csv_number(image.scores.ssim),
                        csv_number(image.scores.ssim_1d),
                        image.identification ? csv_number(*image.identification) : "");
  }
  return text;
}

std::string to_table(const Evaluation& evaluation) {
  std::vector<const ScoreLine*> lines{&evaluation.model_scores};
  for (const ScoreLine& line : evaluation.baselines) lines.push_back(&line);
  std::string text = fmt::format("{} images, preset {}: {}\nmean [95 % interval over images]\n\n{:<22}",
                                 format_count(static_cast<int64_t>(evaluation.images.size())),
                                 evaluation.protocol.name,
                                 evaluation.protocol.description,
                                 "");
  for (const ScoreLine* line : lines) text += fmt::format("  {:<25}", readable(line->name));
  text += "\n";
  for (const std::string& name : score_names()) {
    text += fmt::format("{:<22}", readable(name));
    for (const ScoreLine* line : lines) text += fmt::format("  {:<25}", cell(find_score(*line, name)));
    text += "\n";
  }
  if (evaluation.among > 0)
    text += fmt::format("\nidentification: two-way over all pairs; n-way and top-1 among {}\n", evaluation.among);
  text += others_table(evaluation.others);
  for (const std::string& note : evaluation.notes) text += fmt::format("note: {}\n", note);
  return text;
}

void write_evaluation(const std::filesystem::path& folder, const Evaluation& evaluation) {
  const std::string suffix = file_suffix(evaluation);
  write_file(folder / ("evaluation" + suffix + ".csv"), to_csv(evaluation));
  write_json(folder / ("evaluation" + suffix + ".json"), to_json(evaluation));
}

}  // namespace fmri2img::evaluation
