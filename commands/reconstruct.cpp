#include "commands/reconstruct.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/reconstruction/reconstruct.h"
#include "fmri2img/report/results_grid.h"
#include "commands/common_options.h"
#include "commands/ensemble_options.h"
#include "commands/guided_models.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using reconstruction::Ensemble;
using reconstruction::ReconstructionJob;

std::string real_path(const fs::path& path) {
  return fs::weakly_canonical(path).string();
}

struct Reconstruct {
  std::string subject;
  std::string trials;
  bool low_only = false;
  int64_t batch = 4;
  std::string dtype = "auto";
  EnsembleCommandOptions ensemble_options;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject, "Subject folder")->required();
    ensemble_options.add_to(app);
    app.add_option("--trials",
                   trials,
                   "train, validation, held-out, test, test:A:B, rows such as 0:100,120, picture ids, or file:NAME, "
                   "which lists some")
        ->required();
    app.add_flag("--low-only", low_only, "Stop at the low-level pictures");
    app.add_option("--batch", batch, "Pictures at a time; changes time and memory, not the pictures")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    add_guided_dtype(app, dtype);
    output.add_to(app, "the results");
    compute.add_to(app);
    app.footer(
        "Run it again with the same options to go on after an interruption.\n"
        "Example: fmri2img reconstruct subj01 --decoder ridge --decoder mlp --trials test --zoo zoo --out results\n"
        "         fmri2img reconstruct subj01 --decoder decoder --trials test --low-only --out results");
  }

  std::string chosen_dtype() const { return guided_dtype(dtype, compute.torch_device()); }

  Manifest manifest(const ReconstructionJob& job, const Ensemble& ensemble) const {
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.command_line = command_line();
    manifest.settings = ensemble.settings(job.guided);
    manifest.settings["trials"] = trials;
    manifest.inputs[real_path(job.subject.path())] = job.subject.fingerprint();
    for (const fs::path& file : job.subject.responses(job.trials.partition).files()) {
      manifest.inputs[real_path(file)] = fingerprint(file);
    }
    if (const fs::path list = reconstruction::trials_file(trials); !list.empty()) {
      manifest.inputs[real_path(list)] = fingerprint(list);
    }
    for (const auto& member : job.members) {
      manifest.models[real_path(member.folder)] = fingerprint(member.folder / "model.safetensors");
      const bool has_weights = member.record.codec.value("name", "") != "pixels";
      if (has_weights && ensemble.codec_model)
        manifest.models[real_path(*ensemble.codec_model)] = fingerprint_model(*ensemble.codec_model);
    }
    if (!job.guided) return manifest;
    manifest.settings["dtype"] = chosen_dtype();
    for (const fs::path& model : {ensemble.stable_diffusion, ensemble.clip, ensemble.blip}) {
      manifest.models[real_path(model)] = fingerprint_model(model);
    }
    return manifest;
  }

  ReconstructionJob make_job(const data::Subject& opened, const Ensemble& ensemble) const {
    ReconstructionJob job{opened, reconstruction::read_members(ensemble.decoders, opened), {}, trials, {}};
    if (ensemble.preset) reconstruction::require_preset(*ensemble.preset, job.members, opened);
    job.trials = reconstruction::select_trials(trials, opened, job.members);
    job.guided = !low_only;
    job.vote = ensemble.vote;
    job.votes = ensemble.votes;
    job.seed = ensemble.seed;
    job.batch = batch;
    job.open.decoder = [](const reconstruction::Member& member) { return decoding::load_decoder(member.folder); };
    job.open.codec = [weights = ensemble.codec_model, device = compute.torch_device()](const Json& config) {
      return models::make_codec(config, weights, at::kFloat, device);
    };
    if (job.guided) {
      job.evaluations = count_evaluations(ensemble);
      add_guided_models(job.open, ensemble, chosen_dtype(), compute.torch_device());
    }
    return job;
  }

  void run() {
    compute.apply();
    const Ensemble ensemble = ensemble_options.read(!low_only, subject);
    const data::Subject opened = data::Subject::open(subject);
    const ReconstructionJob job = make_job(opened, ensemble);
    reconstruction::check_job(job);
    const bool begins = output.overwrite || !fs::exists(fs::path(output.out) / "manifest.json");
    if (begins) reconstruction::check_codecs(job);
    OutputFolder folder(output.out, manifest(job, ensemble), output.policy());
    const reconstruction::Reconstruction made = reconstruction::reconstruct(job, folder.path());
    report::write_results_grid(made.results);
    folder.finish({{"images", made.results.rows.size()}});
    report_end(made);
  }

  void report_end(const reconstruction::Reconstruction& made) const {
    if (made.votes) fmt::print("{}\n", reconstruction::to_text(*made.votes));
    const fs::path folder = output.out;
    const std::string strip = (folder / reconstruction::result_strip_file(made.results.rows.front().trial)).string();
    const auto images = static_cast<int64_t>(made.results.rows.size());
    fmt::print("{} in {}\nLook at {}{}, then: fmri2img evaluate {}\n",
               counted(images, "image", "images"),
               output.out,
               (folder / report::kGridFile).string(),
               low_only ? "" : " and " + strip,
               output.out);
  }
};

}  // namespace

Command reconstruct() {
  return make_command<Reconstruct>("reconstruct", "Turn the responses of trials into pictures");
}

}  // namespace fmri2img::commands
