#include "commands/evaluate.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/compare_runs.h"
#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/evaluation/metric_networks.h"
#include "fmri2img/evaluation/picture_list.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/reconstruction/check_results.h"
#include "fmri2img/reconstruction/results.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

struct Evaluate {
  std::string results;
  std::string preset = "native";
  std::string ids;
  std::string against;
  evaluation::EvaluationOptions options;
  evaluation::MetricSources sources;
  bool antialias = false;
  bool json = false;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("RESULTS", results, "Folder that `reconstruct` wrote")->required();
    app.add_option("--preset",
                   preset,
                   "native, mindeye2-1000, mindeye1-982 or brain-diffuser: how a paper computed its figures")
        ->capture_default_str();
    app.add_option("--ids", ids, "Score the pictures of this list alone, one id a line (see shared-pictures)");
    app.add_option(
        "--against", against, "Compare image by image with this evaluated results folder of the same trials");
    app.add_option(
        "--metric-weights",
        sources.weights,
        "Folder with the weights of AlexNet, Inception-v3, EfficientNet-B1, SwAV's ResNet-50 and LPIPS, under "
        "torchvision's file names (doc/formats/metric_weights.md)");
    app.add_option("--clip", sources.clip, "A CLIP (ViT-L/14): two-way identification, retrieval, caption cosine");
    app.add_option("--blip", sources.blip, "A BLIP that captions the targets, for caption cosine");
    app.add_flag("--csls", options.csls, "Retrieval by CSLS instead of by the cosine");
    app.add_flag("--all-networks",
                 options.all_networks,
                 "Networks and identification look at every model's pictures, not at the answer's, the votes' and the "
                 "baselines' only");
    app.add_flag("--antialias", antialias, "Antialias the mindeye presets' resizing (torchvision 0.17 and later)");
    app.add_option("--among", options.among, "n of n-way identification (default: all images)")
        ->check(CLI::Range(2, 1000000));
    app.add_option("--seed", options.seed, "Seed of intervals and drawn distractors")
        ->check(not_negative())
        ->capture_default_str();
    app.add_flag("--allow-training-rows",
                 options.allow_training_rows,
                 "Score pictures that were trained on; the report says so");
    app.add_flag("--json", json, "Print the figures as JSON");
    compute.add_threads_to(app);
    app.footer(
        "Writes evaluation.json, evaluation.csv (one line an image) and evaluation_table.csv into the folder.\n"
        "Scores whose weights are not there are listed as not computed.\n"
        "Example: fmri2img evaluate results --preset mindeye1-982 --metric-weights weights --clip ViT-L-14.pt\n"
        "         fmri2img evaluate results --preset mindeye1-982 --ids shared982.txt --against results_earlier");
  }

  void run() {
    compute.apply();
    options.protocol = evaluation::find_protocol(preset);
    options.protocol.antialias = antialias;
    const std::optional<evaluation::ScoreTable> other = read_other();
    evaluation::ListedResults listed{reconstruction::read_results(results), {}};
    reconstruction::check_results(listed.results);
    if (!ids.empty()) listed = evaluation::keep_listed(listed.results, ids);
    if (other) evaluation::require_comparable(evaluation::table_to_be(listed.results, options.protocol), *other);
    const evaluation::Evaluation scored = score(listed);
    evaluation::write_evaluation(results, scored);
    evaluation::record_leaks(results, options.protocol.label(), scored.trained_on);
    Json record = evaluation::to_json(scored);
    std::string table = evaluation::to_table(scored);
    if (other) {
      const evaluation::ScoreTable own = evaluation::read_score_table(results, options.protocol);
      const evaluation::RunComparison comparison = evaluation::compare_runs(own, *other, options.seed);
      evaluation::write_comparison(own, *other, comparison);
      record["comparison"] = evaluation::to_json(comparison);
      table += evaluation::to_table(comparison);
    }
    fmt::print("{}", json ? record.dump(2) + "\n" : table);
  }

  /// Before anything is scored: what it lacks is said at once.
  std::optional<evaluation::ScoreTable> read_other() const {
    if (against.empty()) return std::nullopt;
    return evaluation::read_score_table(against, options.protocol);
  }

  evaluation::Evaluation score(const evaluation::ListedResults& listed) const {
    const reconstruction::Results& found = listed.results;
    const evaluation::MetricNetworks networks(sources, options.protocol, found.height, found.width);
    evaluation::Evaluation scored = evaluation::evaluate(found, evaluation::picture_choices(found), options, networks);
    const std::string note =
        ids.empty() ? evaluation::note_unlisted(options.protocol, scored.images.size()) : listed.note;
    if (!note.empty()) scored.notes.push_back(note);
    return scored;
  }
};

}  // namespace

Command evaluate() {
  return make_command<Evaluate>("evaluate", "Score reconstructions, with intervals and baselines");
}

}  // namespace fmri2img::commands
