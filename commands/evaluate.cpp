#include "commands/evaluate.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/metric_networks.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/reconstruction/results.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

struct Evaluate {
  std::string results;
  std::string preset = "native";
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
                 "Networks look at every model's pictures, not at the answer's, the votes' and the baselines' only");
    app.add_flag("--antialias", antialias, "Antialias the mindeye presets' resizing (torchvision 0.17 and later)");
    app.add_option("--among", options.among, "n of n-way identification (default: all images)")
        ->check(CLI::Range(2, 1000000));
    app.add_option("--seed", options.seed, "Seed of intervals and drawn distractors")->capture_default_str();
    app.add_flag("--allow-training-rows",
                 options.allow_training_rows,
                 "Score pictures that were trained on; the report says so");
    app.add_flag("--json", json, "Print the figures as JSON");
    compute.add_threads_to(app);
    app.footer(
        "Writes evaluation.json, evaluation.csv (one line an image) and evaluation_table.csv into the folder.\n"
        "Scores whose weights are not there are listed as not computed.\n"
        "Example: fmri2img evaluate results --preset mindeye1-982 --metric-weights weights --clip ViT-L-14.pt");
  }

  void run() {
    compute.apply();
    options.protocol = evaluation::find_protocol(preset);
    options.protocol.antialias = antialias;
    const reconstruction::Results found = reconstruction::read_results(results);
    const evaluation::MetricNetworks networks(sources, options.protocol, found.height, found.width);
    const evaluation::Evaluation scored =
        evaluation::evaluate(found, evaluation::picture_choices(found), options, networks);
    evaluation::write_evaluation(found.folder, scored);
    fmt::print("{}", json ? evaluation::to_json(scored).dump(2) + "\n" : evaluation::to_table(scored));
  }
};

}  // namespace

Command evaluate() {
  return make_command<Evaluate>("evaluate", "Score reconstructions, with intervals and baselines");
}

}  // namespace fmri2img::commands
