#include "commands/import.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Option.hpp>

#include "fmri2img/core/text.h"
#include "fmri2img/data/latents.h"
#include "fmri2img/training/import_mlp.h"
#include "commands/common_options.h"
#include "commands/training_options.h"

namespace fmri2img::commands {
namespace {

class Import {
 public:
  void usage(CLI::App& app) {
    app.add_option("CHECKPOINT", checkpoint_, "File that the original's training saved (any name), or a state dict")
        ->required();
    app.add_option("--subject", data_.subject, "Folder of the subject that it was trained on")->required();
    data_.add_to(app);
    app.add_option("--seed", seed_, "Seed of the dropout when the training goes on (default: --split-seed)")
        ->check(not_negative());
    mlp_.add_to(app);
    for (const char* name : {"--roi", "--split-seed", "--batch", "--epochs"}) app.get_option(name)->required();
    output_.add_to(app, "the decoder");
    app.footer(
        "The file does not say what it was trained on: the options do. A training that was not finished goes on with\n"
        "the `fmri2img train ... --resume` that is printed at the end.\n"
        "Example: fmri2img import 92_last --subject subj01 --roi set3 --split-seed 3 --batch 16 --epochs 200 \\\n"
        "           --train-rows 0:5000 --num-train 5000 --out decoders/92");
  }

  void run() {
    const data::Subject subject = data::Subject::open(data_.subject);
    const uint64_t seed = seed_.value_or(*data_.split_seed);
    decoding::DecoderRecord record = data_.record(subject, /*validate=*/true, seed);
    training::OriginalCheckpoint checkpoint = training::read_original_checkpoint(checkpoint_);
    const models::VoxelDecoderOptions sizes = training::network_sizes(checkpoint, stored_latents(subject));
    mlp_.training.sizes = {sizes.width, sizes.blocks, sizes.channels};
    record.latent_shape = sizes.latent;
    record.codec = {{"name", "vae"},
                    {"latent_shape", {sizes.latent.channels, sizes.latent.height, sizes.latent.width}}};
    OutputPolicy policy = output_.policy();
    policy.resume = false;
    OutputFolder folder(output_.out, training_manifest("mlp", subject, settings(seed)), policy);
    const training::ImportedTraining imported = training::import_mlp(
        std::move(checkpoint), mlp_.with(seed, /*resume=*/false, at::kCPU), std::move(record), output_.out);
    if (!imported.resumable) folder.finish({{"steps", imported.state.steps}});
    report(imported, sizes);
  }

 private:
  static std::optional<models::LatentShape> stored_latents(const data::Subject& subject) {
    const auto file = subject.latents();
    if (!file) return {};
    const data::Latents latents(*file, subject.num_rows(data::Partition::kTrain));
    return models::LatentShape{latents.channels(), latents.height(), latents.width()};
  }

  Json settings(uint64_t seed) const {
    Json settings = {{"seed", seed}};
    data_.add_to(settings, seed);
    mlp_.add_to(settings);
    return settings;
  }

  void report(const training::ImportedTraining& imported, const models::VoxelDecoderOptions& sizes) const {
    fmt::print("{}: width {}, {} blocks, {} vertices of {} read\n",
               output_.out,
               sizes.width,
               sizes.blocks,
               data_.roi,
               format_count(sizes.num_inputs));
    if (imported.state.steps == 0) {
      fmt::print("the file holds weights only: it can be used, not trained further\n");
    } else if (imported.resumable) {
      fmt::print(
          "{} of {} epochs are done; to go on, give the same options to: fmri2img train {} --decoder mlp --resume\n",
          imported.state.epoch,
          mlp_.training.options.epochs,
          data_.subject);
    }
  }

  std::string checkpoint_;
  TrainingDataOptions data_;
  std::optional<uint64_t> seed_;
  MlpOptions mlp_;
  OutputOptions output_;
};

}  // namespace

Command import_decoder() {
  return make_command<Import>("import", "Turn a PyTorch checkpoint of the original into a decoder");
}

}  // namespace fmri2img::commands
