#include <optional>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/experiments/split_errors.h"
#include "commands/common_options.h"
#include "commands/ensemble_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"

namespace fmri2img::commands {
namespace {

constexpr int64_t kPublishedBatch = 64;

struct ExperimentTwo {
  std::string subject;
  EnsembleCommandOptions decoders;
  std::optional<int64_t> trials;
  int64_t batch = kPublishedBatch;
  uint64_t seed = 42;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject, "Subject folder")->required();
    decoders.add_decoders_to(app);
    app.add_option("--trials", trials, "First rows of each part of a decoder's split (default: all)")
        ->check(positive());
    app.add_option("--batch", batch, "Rows of a batch in the mean of batch means")
        ->check(positive())
        ->capture_default_str();
    app.add_option("--seed", seed, "Seed of the intervals")->check(not_negative())->capture_default_str();
    output.add_to(app, "tables and charts");
    compute.add_to(app);
    app.footer(
        "Scores rows that a decoder was trained on beside those that it was not, and says which they are.\n"
        "Example: fmri2img experiment 2 subj01 --decoder decoders/92 --decoder decoders/94 --out experiment-2\n"
        "         fmri2img experiment 2 subj01 --preset four-model-vote --decoders decoders --out experiment-2");
  }

  void run() {
    compute.apply();
    FMRI2IMG_CHECK_USAGE(!decoders.typed.decoder.empty() || decoders.typed.preset,
                         "experiment 2 needs trained decoders: give the folder of each with --decoder, or --preset "
                         "four-model-vote --decoders DIR");
    const data::Subject opened = data::Subject::open(subject);
    const reconstruction::Ensemble ensemble = decoders.read(/*guided=*/false, subject);
    experiments::SplitErrorJob job{opened, reconstruction::read_members(ensemble.decoders, opened), trials};
    if (ensemble.preset) reconstruction::require_preset(*ensemble.preset, job.members, opened);
    OutputFolder folder(
        output.out,
        experiment_manifest(
            "2", opened, job.members, {{"trials", trials ? Json(*trials) : Json()}, {"batch", batch}, {"seed", seed}}),
        output.policy());
    if (show_finished_experiment(folder)) return;
    const std::vector<experiments::PartValues> parts = experiments::split_errors(job, folder.path());
    finish_experiment(folder,
                      experiments::split_errors_finding(parts, batch, seed),
                      {{"errors.csv", experiments::split_errors_csv(parts, batch, seed)}});
  }
};

}  // namespace

Command experiment_two() {
  return make_command<ExperimentTwo>("2",
                                     "Errors of trained decoders on the training and validation rows of their splits");
}

}  // namespace fmri2img::commands
