#include <filesystem>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/experiments/target_similarity.h"
#include "commands/common_options.h"
#include "commands/ensemble_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"
#include "commands/guided_models.h"

namespace fmri2img::commands {
namespace {

constexpr int64_t kPublishedRows = 100;

struct ExperimentThree {
  std::string subject;
  EnsembleCommandOptions models;
  int64_t trials = kPublishedRows;
  std::string target = "latents";
  int64_t batch = 4;
  std::string dtype = "auto";
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject, "Subject folder")->required();
    models.add_decoders_to(app);
    app.add_option("--trials", trials, "First rows of each part of a decoder's split")
        ->check(positive())
        ->capture_default_str();
    app.add_option("--target",
                   target,
                   "What images are compared with: latents (the codec's decode of the stored latents, as published) or "
                   "picture (the picture itself)")
        ->check(CLI::IsMember({"latents", "picture"}))
        ->capture_default_str();
    models.add_models_to(app);
    app.add_option("--batch", batch, "Pictures at a time; changes time and memory, not the pictures")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    add_guided_dtype(app, dtype);
    output.add_to(app, "pictures, tables and charts");
    compute.add_to(app);
    app.footer(
        "Makes the high-level images of rows that a decoder was trained on beside those that it was not, and says "
        "which they are; run it again with the same options to go on after an interruption.\n"
        "Example: fmri2img experiment 3 subj01 --decoder decoders/92 --decoder decoders/94 --zoo zoo --out "
        "experiment-3");
  }

  void require_options() const {
    const reconstruction::EnsembleOptions& typed = models.typed;
    FMRI2IMG_CHECK_USAGE(!typed.decoder.empty() || typed.preset,
                         "experiment 3 needs trained decoders: give the folder of each with --decoder, or --preset "
                         "four-model-vote --decoders DIR");
    FMRI2IMG_CHECK_USAGE(typed.zoo || (typed.stable_diffusion && typed.clip && typed.blip),
                         "experiment 3 needs the models that make high-level images: give --zoo DIR with "
                         "stable-diffusion/, clip/ and blip/, or each with --stable-diffusion, --clip and --blip");
  }

  experiments::SimilarityJob make_job(const data::Subject& opened, const reconstruction::Ensemble& ensemble) const {
    experiments::SimilarityJob job{.run = {opened, {}, {}, {}, {}},
                                   .members = reconstruction::read_members(ensemble.decoders, opened),
                                   .count = trials,
                                   .target = target == "picture" ? experiments::SimilarityTarget::kPicture
                                                                 : experiments::SimilarityTarget::kLatents};
    if (ensemble.preset) reconstruction::require_preset(*ensemble.preset, job.members, opened);
    reconstruction::ReconstructionJob& run = job.run;
    run.guided = true;
    run.votes = {run.vote};  // a decoder alone: the vote has one candidate
    run.seed = ensemble.seed;
    run.batch = batch;
    run.evaluations = count_evaluations(ensemble);
    run.open.decoder = [](const reconstruction::Member& member) { return decoding::load_decoder(member.folder); };
    run.open.codec = [weights = ensemble.codec_model](const Json& config) {
      return models::make_codec(config, weights);
    };
    const c10::Device device = compute.torch_device();
    add_guided_models(run.open, ensemble, guided_dtype(dtype, device), device);
    return job;
  }

  Manifest manifest(const experiments::SimilarityJob& job, const reconstruction::Ensemble& ensemble) const {
    Json settings = ensemble.settings(/*guided=*/true);
    for (const char* vote : {"vote", "votes", "decoders"}) settings.erase(vote);
    settings["trials"] = trials;
    settings["target"] = target;
    settings["dtype"] = guided_dtype(dtype, compute.torch_device());
    Manifest manifest = experiment_manifest("3", job.run.subject, job.members, std::move(settings));
    std::vector<std::filesystem::path> folders{ensemble.stable_diffusion, ensemble.clip, ensemble.blip};
    if (ensemble.codec_model) folders.push_back(*ensemble.codec_model);
    for (const std::filesystem::path& folder : folders) {
      manifest.models[std::filesystem::weakly_canonical(folder).string()] = fingerprint_model(folder);
    }
    return manifest;
  }

  void run() {
    compute.apply();
    require_options();
    const data::Subject opened = data::Subject::open(subject);
    const reconstruction::Ensemble ensemble = models.read(/*guided=*/true, subject);
    const experiments::SimilarityJob job = make_job(opened, ensemble);
    experiments::check_similarity_job(job);
    OutputFolder folder(output.out, manifest(job, ensemble), output.policy());
    if (show_finished_experiment(folder)) return;
    const std::vector<experiments::PartValues> parts = experiments::target_similarities(job, folder.path());
    finish_experiment(folder,
                      experiments::similarities_finding(parts, job.target, ensemble.seed),
                      {{"similarities.csv", experiments::similarities_csv(parts, ensemble.seed)}});
  }
};

}  // namespace

Command experiment_three() {
  return make_command<ExperimentThree>("3", "Similarity of trained decoders' high-level images to what was shown");
}

}  // namespace fmri2img::commands
