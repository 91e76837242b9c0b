#include "fmri2img/evaluation/score_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/weight_files.h"
#include "fmri2img/findings/readable_key.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/statistics/interval_text.h"

namespace fmri2img::evaluation {
namespace {

constexpr size_t kLinesSideBySide = 5;  // of a table for people

const std::vector<std::string>& network_scores() {
  static const std::vector<std::string> kNames{"alexnet2",
                                               "alexnet5",
                                               "inception",
                                               "clip",
                                               "efficientnet",
                                               "swav",
                                               "lpips_alex",
                                               "lpips_squeeze",
                                               "lpips_vgg",
                                               "retrieval_clip_l_target",
                                               "retrieval_clip_l_reconstruction",
                                               "caption_cosine"};
  return kNames;
}

/// Every key there may be, so that a missing score is a null and not a missing key.
const std::vector<std::string>& score_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names{
        "pixel_correlation", "mse", "ssim", "ssim_1d", "identification", "identification_n_way", "identification_top1"};
    names.insert(names.end(), network_scores().begin(), network_scores().end());
    return names;
  }();
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
  if (score->over_draws) json["over_draws"] = {{"low", score->over_draws->low}, {"high", score->over_draws->high}};
  return json;
}

void add_scores(Json& json, const ScoreLine& line, int64_t among) {
  for (const std::string& name : score_names()) {
    json[name] = to_json(find_score(line, name));
    if (among > 0 && (name == "identification_n_way" || name == "identification_top1")) json[name]["n"] = among;
  }
}

std::string cell(const Score* score) {
  if (score == nullptr || !score->interval) return "-";
  return statistics::interval_text(*score->interval, "{:.4f}");
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "";
}

using Lines = std::vector<const ScoreLine*>;

bool has_score(const Lines& lines, const std::string& name) {
  return std::any_of(
      lines.begin(), lines.end(), [&](const ScoreLine* line) { return find_score(*line, name) != nullptr; });
}

/// Scores downwards, lines side by side.
std::string score_block(const std::string& title, const Lines& lines) {
  std::string text = fmt::format("{:<32}", title);
  for (const ScoreLine* line : lines) text += fmt::format("  {:<25}", findings::readable_key(line->name));
  text += "\n";
  for (const std::string& name : score_names()) {
    if (!has_score(lines, name)) continue;
    text += fmt::format("{:<32}", findings::readable_key(name));
    for (const ScoreLine* line : lines) text += fmt::format("  {:<25}", cell(find_score(*line, name)));
    text += "\n";
  }
  return text;
}

/// What else the run made.
std::string others_table(const std::vector<ScoreLine>& others) {
  std::string text;
  for (size_t first = 0; first < others.size(); first += kLinesSideBySide) {
    Lines lines;
    for (size_t i = first; i < std::min(others.size(), first + kLinesSideBySide); ++i) lines.push_back(&others[i]);
    text += "\n" + score_block("also made", lines);
  }
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Retrieval's intervals over its draws, of the answer.
std::string draws_lines(const ScoreLine& line) {
  std::string text;
  for (const Score& score : line.scores) {
    if (!score.over_draws) continue;
    text += fmt::format("{}: 95 % interval over draws (normal approximation, as published) [{:.4f}, {:.4f}]\n",
                        findings::readable_key(score.name),
                        score.over_draws->low,
                        score.over_draws->high);
  }
  return text;
}

std::string networks_table(const Evaluation& evaluation) {
  std::string text;
  for (const NetworkFile& file : evaluation.networks) {
    text += fmt::format(
        "weights: {} ({}): {}\n", file.path.filename().string(), short_hash(file.hash), joined(file.scores));
  }
  for (const NotComputed& missing : evaluation.not_computed) {
    text += fmt::format("not computed: {}: {}\n", joined(missing.scores), missing.reason);
  }
  return text.empty() ? text : "\n" + text;
}

bool ranks_by_csls(const Evaluation& evaluation) {
  const Score* retrieval = find_score(evaluation.model_scores, "retrieval_clip_l_target");
  return evaluation.csls && retrieval != nullptr;
}

/// How the figures were made, for the heads of tables.
std::string protocol_label(const Evaluation& evaluation) {
  return evaluation.protocol.label() + (ranks_by_csls(evaluation) ? ", retrieval by CSLS" : "");
}

/// The hashes of a score's weights.
std::string weights_of(const Evaluation& evaluation, const std::string& score) {
  std::string hashes;
  for (const NetworkFile& file : evaluation.networks) {
    if (std::find(file.scores.begin(), file.scores.end(), score) == file.scores.end()) continue;
    hashes += (hashes.empty() ? "" : " ") + file.hash;
  }
  return hashes;
}

const std::string* reason_for(const Evaluation& evaluation, const std::string& score) {
  for (const NotComputed& missing : evaluation.not_computed) {
    if (std::find(missing.scores.begin(), missing.scores.end(), score) != missing.scores.end()) return &missing.reason;
  }
  return nullptr;
}

std::string table_csv_lines(const Evaluation& evaluation, const std::string& group, const ScoreLine& line) {
  std::string text;
  for (const std::string& name : score_names()) {
    const Score* score = find_score(line, name);
    const std::string* reason = reason_for(evaluation, name);
    if (score == nullptr && reason == nullptr) continue;
    std::vector<std::string> fields{protocol_label(evaluation), group, line.name, name, "", "", "", "", "", "", ""};
    fields[8] = std::to_string(evaluation.images.size());
    fields[9] = weights_of(evaluation, name);
    std::string& note = fields[10];
    if (score != nullptr && score->interval) {
      fields[4] = csv_number(score->interval->mean);
      fields[5] = csv_number(score->interval->low);
      fields[6] = csv_number(score->interval->high);
    }
    if (score != nullptr) fields[7] = std::to_string(score->undefined);
    if (score != nullptr && score->over_draws) {
      note = fmt::format(
          "95 % over draws: {} .. {}", csv_number(score->over_draws->low), csv_number(score->over_draws->high));
    }
    if (score == nullptr) note = "not computed: " + *reason;
    text += reconstruction::csv_line(fields);
  }
  return text;
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
  Json json = {{"images", evaluation.images.size()},
               {"preset", evaluation.protocol.name},
               {"protocol", protocol_label(evaluation)},
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
  json["csls"] = evaluation.csls;
  json["networks"] = Json::array();
  for (const NetworkFile& file : evaluation.networks) {
    json["networks"].push_back({{"file", file.path.string()}, {"hash", file.hash}, {"scores", file.scores}});
  }
  json["not_computed"] = Json::array();
  for (const NotComputed& missing : evaluation.not_computed) {
    json["not_computed"].push_back({{"scores", missing.scores}, {"reason", missing.reason}});
  }
  json["notes"] = evaluation.notes;
  return json;
}

std::string to_csv(const Evaluation& evaluation) {
  std::vector<std::string> head{
      "trial", "picture", "model", "trained_on", "pixel_correlation", "mse", "ssim", "ssim_1d", "identification"};
  head.insert(head.end(), network_scores().begin(), network_scores().end());
  head.emplace_back("target_caption");
  std::string text = reconstruction::csv_line(head);
  for (const ScoredImage& image : evaluation.images) {
    std::vector<std::string> fields{std::to_string(image.row.trial),
                                    image.row.picture,
                                    image.row.model,
                                    fmt::format("{}", image.row.trained_on),
                                    csv_number(image.scores.pixel_correlation),
                                    csv_number(image.scores.mse),
                                    csv_number(image.scores.ssim),
                                    csv_number(image.scores.ssim_1d),
                                    image.identification ? csv_number(*image.identification) : ""};
    for (const std::string& name : network_scores()) {
      const auto found = image.networks.find(name);
      fields.push_back(found == image.networks.end() ? "" : csv_number(found->second));
    }
    fields.push_back(image.target_caption);
    text += reconstruction::csv_line(fields);
  }
  return text;
}

std::string to_table_csv(const Evaluation& evaluation) {
  std::string text = "preset,group,line,score,mean,low,high,undefined,images,weights,note\n";
  text += table_csv_lines(evaluation, "answer", evaluation.model_scores);
  for (const ScoreLine& line : evaluation.baselines) text += table_csv_lines(evaluation, "baseline", line);
  for (const ScoreLine& line : evaluation.others) text += table_csv_lines(evaluation, "other", line);
  return text;
}

std::string to_table(const Evaluation& evaluation) {
  Lines lines{&evaluation.model_scores};
  for (const ScoreLine& line : evaluation.baselines) lines.push_back(&line);
  std::string text = fmt::format("{}, preset {}: {}\nmean [95 % interval over images]\n\n",
                                 counted(static_cast<int64_t>(evaluation.images.size()), "image", "images"),
                                 protocol_label(evaluation),
                                 evaluation.protocol.description);
  text += score_block("", lines);
  if (evaluation.among > 0)
    text += fmt::format("\nidentification: two-way over all pairs; n-way and top-1 among {}\n", evaluation.among);
  text += draws_lines(evaluation.model_scores);
  text += others_table(evaluation.others);
  text += networks_table(evaluation);
  for (const std::string& note : evaluation.notes) text += fmt::format("note: {}\n", note);
  return text;
}

void write_evaluation(const std::filesystem::path& folder, const Evaluation& evaluation) {
  const std::string suffix = evaluation.protocol.file_suffix();
  write_file(folder / ("evaluation" + suffix + ".csv"), to_csv(evaluation));
  write_file(folder / ("evaluation_table" + suffix + ".csv"), to_table_csv(evaluation));
  write_json(folder / ("evaluation" + suffix + ".json"), to_json(evaluation));
}

}  // namespace fmri2img::evaluation
