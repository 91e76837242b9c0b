#include "commands/train.h"

#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include "fmri2img/core/log.h"
#include "fmri2img/decoding/ridge/train_ridge.h"
#include "commands/common_options.h"
#include "commands/train_decoder.h"
#include "commands/training_options.h"

namespace fmri2img::commands {
namespace {

constexpr const char* kRidgeGroup = "With --decoder ridge";

std::vector<const CLI::Option*> options_of_group(const CLI::App& app, const std::string& group) {
  return app.get_options([&group](const CLI::Option* option) { return option->get_group() == group; });
}

/// What would be ignored was meant for something else.
void refuse_typed(const std::vector<const CLI::Option*>& options, const std::string& owner, const std::string& chosen) {
  for (const CLI::Option* option : options) {
    FMRI2IMG_CHECK_USAGE(option->count() == 0,
                         "{} belongs to --decoder {}, this is --decoder {}: leave it out, or choose the other decoder",
                         option->get_name(),
                         owner,
                         chosen);
  }
}

class Train {
 public:
  void usage(CLI::App& app) {
    app.add_option("SUBJECT", data_.subject, "Subject folder")->required();
    app.add_option("--decoder", decoder_, "ridge or mlp")
        ->check(CLI::IsMember({"ridge", "mlp"}))
        ->capture_default_str();
    data_.add_to(app);
    app.add_option("--seed", seed_, "Seed of weights and dropout (mlp) or of the folds (ridge)")
        ->check(not_negative())
        ->capture_default_str();
    app.add_flag(
        "--resume", resume_, "Go on where the same command line stopped; starts afresh where nothing is there yet");
    mlp_.add_to(app);
    mlp_.add_sizes_to(app);
    add_ridge_options(app);
    app.get_option("--split-seed")->group(mlp_.group);  // ridge validates by folds over all of its rows
    mlp_only_ = options_of_group(app, mlp_.group);
    ridge_only_ = options_of_group(app, kRidgeGroup);
    output_.add_to(app, "the decoder");
    compute_.add_to(app);
    app.footer("Example: fmri2img train subj01 --decoder ridge --roi set1 --hold-out 1000 --out decoders/ridge-set1");
  }

  void run() {
    if (decoder_ == "ridge") refuse_typed(mlp_only_, "mlp", decoder_);
    if (decoder_ == "mlp") refuse_typed(ridge_only_, "ridge", decoder_);
    compute_.apply();
    FMRI2IMG_CHECK_USAGE(decoder_ == "mlp" || compute_.device != "cuda",
                         "--device cuda: ridge is computed on the processor; leave out --device");
    const data::Subject subject = data::Subject::open(data_.subject);
    const decoding::DecoderRecord record = data_.record(subject, decoder_ == "mlp", seed_);
    if (decoder_ == "mlp") {  // before a folder is made for a run that cannot be
      training::check_training_options(mlp_.with(seed_, resume_, compute_.torch_device()).options,
                                       static_cast<int64_t>(record.train_rows.size()));
    }
    OutputPolicy policy = output_.policy();
    policy.resume = resume_;
    OutputFolder folder(output_.out, training_manifest(decoder_, subject, settings()), policy);
    if (folder.was_finished()) {
      log_info("\"{}\" is finished already: nothing to do", output_.out);
      return;
    }
    decoding::RidgeTrainingOptions ridge = ridge_;
    ridge.seed = seed_;
    folder.finish(
        decoder_ == "mlp"
            ? train_mlp_decoder(
                  subject, data_.codec, record, mlp_.with(seed_, resume_, compute_.torch_device()), output_.out)
            : train_ridge_decoder(subject, data_.codec, record, ridge, output_.out));
    log_info("the decoder is in \"{}\"", output_.out);
  }

 private:
  void add_ridge_options(CLI::App& app) {
    const auto in = [&app](const std::string& name, auto& value, const std::string& help) {
      app.add_option(name, value, help)->group(kRidgeGroup)->capture_default_str();
    };
    in("--alpha",
       ridge_.alpha,
       "Penalty, per target by gcv (generalised cross-validation) or folds (auto: folds up to 2,000 rows, else gcv), "
       "or one positive number for all");
    in("--components", ridge_.components, "Principal components of the latents to predict: auto, off, or a number");
    in("--vertices", ridge_.vertices, "Vertices by encoding score: auto, all, or a number");
    in("--folds", ridge_.folds, "Folds of every cross-validation");
    app.add_flag("--rescale", ridge_.rescale, "Restore the variance that shrinkage takes")->group(kRidgeGroup);
  }

  Json settings() const {
    Json settings = {{"seed", seed_}};
    data_.add_to(settings, seed_);
    if (decoder_ == "mlp") {
      mlp_.add_to(settings);
      return settings;
    }
    settings["alpha"] = ridge_.alpha;
    settings["components"] = ridge_.components;
    settings["vertices"] = ridge_.vertices;
    settings["folds"] = ridge_.folds;
    settings["rescale"] = ridge_.rescale;
    return settings;
  }

  TrainingDataOptions data_;
  std::string decoder_ = "ridge";
  uint64_t seed_ = 42;
  bool resume_ = false;
  MlpOptions mlp_;
  decoding::RidgeTrainingOptions ridge_;
  OutputOptions output_;
  ComputeOptions compute_;
  std::vector<const CLI::Option*> mlp_only_;
  std::vector<const CLI::Option*> ridge_only_;
};

}  // namespace

Command train() {
  return make_command<Train>("train", "Train a decoder: responses to latents (ridge or mlp)");
}

}  // namespace fmri2img::commands
