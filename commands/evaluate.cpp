#include "commands/evaluate.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/reconstruction/results.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

struct Evaluate {
  std::string results;
  std::string preset = "native";
  evaluation::EvaluationOptions options;
  bool antialias = false;
  bool json = false;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("RESULTS", results, "Folder that `reconstruct` wrote")->required();
    app.add_option("--preset",
                   preset,
                   "native, mindeye2-1000, mindeye1-982 or brain-diffuser: how a paper computed its figures")
        ->capture_default_str();
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
        "Writes evaluation.json and evaluation.csv (one line an image) into the folder.\n"
        "Example: fmri2img evaluate results --json");
  }

  void run() {
    compute.apply();
    options.protocol = evaluation::find_protocol(preset);
    options.protocol.antialias = antialias;
    const reconstruction::Results found = reconstruction::read_results(results);
    std::vector<evaluation::PictureChoice> choices = evaluation::picture_choices(found);
    evaluation::Evaluation scored = evaluation::evaluate(found, choices.front(), options);
    choices.erase(choices.begin());
    evaluation::score_others(scored, found, choices, options);
    evaluation::write_evaluation(found.folder, scored);
    evaluation::record_leaks(found.folder, preset, scored.trained_on);
    fmt::print("{}", json ? evaluation::to_json(scored).dump(2) + "\n" : evaluation::to_table(scored));
  }
};

}  // namespace

Command evaluate() {
  return make_command<Evaluate>("evaluate", "Score reconstructions, with intervals and baselines");
}

}  // namespace fmri2img::commands
