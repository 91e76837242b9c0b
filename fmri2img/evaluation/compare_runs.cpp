#include "fmri2img/evaluation/compare_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/evaluation/weight_files.h"
#include "fmri2img/findings/readable_key.h"

namespace fmri2img::evaluation {
namespace fs = std::filesystem;
namespace {

Protocol protocol_of(const ScoreTable& table) {
  Protocol protocol = find_protocol(table.preset);
  protocol.antialias = table.antialias;
  return protocol;
}

std::string run_name(const ScoreTable& table) {
  return fmt::format("{} ({})", fs::weakly_canonical(table.folder).filename().string(), table.model);
}

/// Trials of `table` that `other` lacks, by name.
std::vector<std::string> trials_only_in(const ScoreTable& table, const ScoreTable& other) {
  std::vector<std::string> names;
  for (size_t i = 0; i < table.trials.size(); ++i) {
    if (std::find(other.trials.begin(), other.trials.end(), table.trials[i]) != other.trials.end()) continue;
    names.push_back(fmt::format("trial {} ({})", table.trials[i], table.pictures[i]));
  }
  return names;
}

[[noreturn]] void fail_apart(const ScoreTable& first, const ScoreTable& second, const std::string& what) {
  fail(ErrorKind::kMismatch,
       "\"{}\" and \"{}\" cannot be compared image by image: {}",
       first.folder.string(),
       second.folder.string(),
       what);
}

}  // namespace

void require_comparable(const ScoreTable& first, const ScoreTable& second) {
  if (first.subject != second.subject || first.partition != second.partition)
    fail_apart(first,
               second,
               fmt::format("one is of {} trials of \"{}\", the other of {} trials of \"{}\"",
                           first.partition,
                           first.subject,
                           second.partition,
                           second.subject));
  if (first.preset != second.preset || first.antialias != second.antialias)
    fail_apart(first, second, "their pictures were resized in different ways: evaluate both with the same options");
  if (protocol_of(first).resizing != Resizing::kNone && first.targets_as_shown != second.targets_as_shown)
    fail_apart(
        first,
        second,
        fmt::format("\"{}\" keeps its targets at the codec's size (results of version 2), the other as they were "
                    "shown: reconstruct again",
                    (first.targets_as_shown ? second : first).folder.string()));
  const auto describe = [](const ScoreTable& table, const std::vector<std::string>& names) {
    return names.empty() ? "" : fmt::format("; only \"{}\" has {}", table.folder.string(), name_some(names));
  };
  const std::string apart =
      describe(first, trials_only_in(first, second)) + describe(second, trials_only_in(second, first));
  if (!apart.empty())
    fail_apart(
        first,
        second,
        "they are of different trials" + apart + ". Reconstruct the same trials, or evaluate both with one --ids");
  if (first.trials != second.trials || first.pictures != second.pictures)
    fail_apart(first, second, "the same rows show other pictures: one subject's pictures have changed in between");
}

namespace {

ScoreDifference compare_score(const ScoreTable& first, const ScoreTable& second, size_t i, size_t j, uint64_t seed) {
  std::vector<double> differences;
  ScoreDifference score{.name = first.scores[i]};
  for (size_t image = 0; image < first.trials.size(); ++image) {
    const auto& a = first.values[i][image];
    const auto& b = second.values[j][image];
    if (!a || !b) continue;
    score.first += *a;
    score.second += *b;
    differences.push_back(*a - *b);
  }
  score.images = static_cast<int64_t>(differences.size());
  if (differences.empty()) return score;
  score.first /= static_cast<double>(score.images);
  score.second /= static_cast<double>(score.images);
  score.difference = statistics::bootstrap_mean(differences, seed);
  return score;
}

/// Whether the table has the score, and a value of it.
bool has_values(const ScoreTable& table, const std::string& score) {
  const auto found = std::find(table.scores.begin(), table.scores.end(), score);
  if (found == table.scores.end()) return false;
  const auto& values = table.values[static_cast<size_t>(found - table.scores.begin())];
  return std::any_of(values.begin(), values.end(), [](const auto& value) { return value.has_value(); });
}

std::string name_weights(const ScoreTable& table, const std::string& score) {
  const auto found = table.weights.find(score);
  if (found == table.weights.end()) return "unknown ones";
  std::string names;
  for (const std::string& hash : found->second) names += (names.empty() ? "" : " and ") + short_hash(hash);
  return names;
}

/// Why the two runs' values of a score say nothing about each other; empty where they do.
std::string why_apart(const ScoreTable& first, const ScoreTable& second, const std::string& score) {
  if (score.starts_with("retrieval") && first.csls != second.csls) {
    return fmt::format("{} ranks by CSLS, {} by the cosine",
                       run_name(first.csls ? first : second),
                       run_name(first.csls ? second : first));
  }
  const auto own = first.weights.find(score), other = second.weights.find(score);
  if (own == first.weights.end() && other == second.weights.end()) return {};
  if (own != first.weights.end() && other != second.weights.end() && own->second == other->second) return {};
  return fmt::format("the weights are {} in {}, {} in {}",
                     name_weights(first, score),
                     run_name(first),
                     name_weights(second, score),
                     run_name(second));
}

void add_notes(RunComparison& comparison, const ScoreTable& first, const ScoreTable& second) {
  for (const ScoreDifference& score : comparison.scores) {
    if (score.images == comparison.images || !has_values(first, score.name) || !has_values(second, score.name))
      continue;
    comparison.notes.push_back(fmt::format("{} is compared over {} of {} images: it is not defined for the others",
                                           score.name,
                                           format_count(score.images),
                                           format_count(comparison.images)));
  }
  const auto note_alone = [&](const ScoreTable& table, const ScoreTable& other) {
    for (const std::string& name : table.scores) {
      if (!has_values(table, name) || has_values(other, name)) continue;
      comparison.notes.push_back(fmt::format("{} was computed for {} alone", name, run_name(table)));
    }
  };
  note_alone(first, second);
  note_alone(second, first);
  if (comparison.images < statistics::kFewestToJudge) {
    comparison.notes.push_back(
        fmt::format("{} too few to say that one run is better",
                    comparison.images == 1 ? "1 image is" : fmt::format("{} images are", comparison.images)));
  }
}

}  // namespace

RunComparison compare_runs(const ScoreTable& first, const ScoreTable& second, uint64_t seed) {
  require_comparable(first, second);
  RunComparison comparison{run_name(first),
                           run_name(second),
                           first.preset,
                           protocol_of(first).label(),
                           static_cast<int64_t>(first.trials.size()),
                           {},
                           {}};
  for (size_t i = 0; i < first.scores.size(); ++i) {
    const std::string& name = first.scores[i];
    const auto other = std::find(second.scores.begin(), second.scores.end(), name);
    const bool here = has_values(first, name), there = has_values(second, name);
    if (other == second.scores.end() || (!here && !there)) continue;
    if (const std::string reason = why_apart(first, second, name); here && there && !reason.empty()) {
      comparison.notes.push_back(fmt::format("{} is left out: {}", name, reason));
      continue;
    }
    comparison.scores.push_back(compare_score(first, second, i, other - second.scores.begin(), seed));
  }
  add_notes(comparison, first, second);
  return comparison;
}

Json to_json(const RunComparison& comparison) {
  Json json = {{"first", comparison.first},
               {"second", comparison.second},
               {"preset", comparison.preset},
               {"protocol", comparison.protocol},
               {"images", comparison.images},
               {"scores", Json::object()},
               {"notes", comparison.notes}};
  for (const ScoreDifference& score : comparison.scores) {
    Json entry = {{"images", score.images}, {"first", nullptr}, {"second", nullptr}, {"difference", nullptr}};
    if (score.difference) {
      entry["first"] = score.first;
      entry["second"] = score.second;
      entry["difference"] = {
          {"mean", score.difference->mean}, {"low", score.difference->low}, {"high", score.difference->high}};
    }
    json["scores"][score.name] = entry;
  }
  return json;
}

std::string to_table(const RunComparison& comparison) {
  std::string text =
      fmt::format("\n{}\nless {}\nimage by image over {}, preset {}: mean difference [95 % interval]\n\n",
                  comparison.first,
                  comparison.second,
                  counted(comparison.images, "image", "images"),
                  comparison.protocol);
  size_t width = 0;
  for (const ScoreDifference& score : comparison.scores) width = std::max(width, score.name.size());
  for (const ScoreDifference& score : comparison.scores) {
    text += fmt::format("{:<{}}", findings::readable_key(score.name), width);
    if (!score.difference) {
      text += "  -\n";
      continue;
    }
    const statistics::Interval& interval = *score.difference;
    const bool apart = score.images >= statistics::kFewestToJudge && (interval.low > 0 || interval.high < 0);
    text += fmt::format("  {:.4f} - {:.4f} = {:+.4f} [{:+.4f}, {:+.4f}]{}\n",
                        score.first,
                        score.second,
                        interval.mean,
                        interval.low,
                        interval.high,
                        apart ? "  differs" : "");
  }
  for (const std::string& note : comparison.notes) text += fmt::format("note: {}\n", note);
  return text;
}

void write_comparison(const ScoreTable& first, const ScoreTable& second, const RunComparison& comparison) {
  const std::string other = fs::weakly_canonical(second.folder).filename().string();
  write_json(first.folder / fmt::format("comparison_{}{}.json", other, protocol_of(first).file_suffix()),
             to_json(comparison));
}

}  // namespace fmri2img::evaluation
