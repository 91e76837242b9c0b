#include "commands/zoo.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/disk_usage.h"
#include "fmri2img/core/half_written.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"
#include "fmri2img/training/zoo/pictures/hold_out_pictures.h"
#include "fmri2img/training/zoo/scene_seeds.h"
#include "fmri2img/training/zoo/train_autoencoder.h"
#include "fmri2img/training/zoo/train_blip.h"
#include "fmri2img/training/zoo/train_clip.h"
#include "fmri2img/training/zoo/train_unet.h"
#include "fmri2img/training/zoo/zoo_job.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

// Scenes of these seeds; `simulate` draws those of 42 where it is not told otherwise.
constexpr int64_t kPictureSide = 64;
constexpr int64_t kNumTraining = 1'000'000;
constexpr int64_t kNumValidation = 500;

// Measured on the miniature zoo: the most that a training takes at once, and what it leaves on the disk.
constexpr int64_t kMemory = int64_t{3} << 30;
constexpr int64_t kModelFiles = int64_t{300} << 20;
constexpr int64_t kPracticeFiles = int64_t{2400} << 20;

struct Zoo {
  std::string action;
  std::vector<std::string> models = {"all"};
  std::string pictures;
  std::string out;
  bool overwrite = false;
  double length = 1;
  uint64_t seed = 1;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("ACTION", action, "train: train models from nothing")->required()->check(CLI::IsMember({"train"}));
    app.add_option("MODELS", models, "Which: vae, clip, unet, blip, or all")
        ->check(CLI::IsMember({"vae", "clip", "unet", "blip", "all"}))
        ->default_str("all");
    app.add_option("--pictures",
                   pictures,
                   "Folder of captioned pictures to learn from instead of drawn scenes: PNG or JPEG files, with "
                   "metadata.jsonl (file_name, text) or NAME.txt beside each; a tenth is held out");
    app.add_option("--out", out, "Folder of the zoo; a run that was cut off goes on")->required();
    app.add_flag("--overwrite", overwrite, "Train from nothing where an earlier run left something");
    app.add_option("--length", length, "Steps, as a multiple of the usual number")
        ->check(CLI::Range(1e-6, 100.0))
        ->capture_default_str();
    app.add_option("--seed", seed, "Seed of weights, order and noise")->check(not_negative())->capture_default_str();
    compute.add_threads_to(app);
    app.footer(
        "CLIP, the diffusion model and BLIP need the autoencoder, the diffusion model CLIP too: all trains them in "
        "order, in less\nthan three hours on two cores. Writes stable-diffusion/, clip/ and blip/, each model with a "
        "card.\n"
        "Example: fmri2img zoo train vae --out zoo");
  }

  bool wants(const std::string& model) const {
    return std::ranges::any_of(models, [&](const std::string& name) { return name == model || name == "all"; });
  }

  static void report(const std::string& model, const Json& figures) {
    fmt::print("{}:", model);
    for (const auto& [name, value] : figures.items()) fmt::print(" {} {:.4g}", name, value.get<double>());
    fmt::print("\n");
  }

  /// Before anything is written. What an earlier run left is there already.
  void require_room() const {
    require_memory(kMemory, "training models", "close other programs");
    const bool practises = pictures.empty() && (wants("clip") || wants("blip"));
    const int64_t needed = kModelFiles + (practises ? kPracticeFiles : 0) - bytes_below(out);
    require_disk_space(out, std::max<int64_t>(needed, 0), "models, checkpoints and practice subjects");
  }

  void run() {
    compute.apply();
    require_room();
    if (pictures.empty()) {
      const auto scenes = training::drawn_scenes(training::kTrainingScenes, kNumTraining);
      const auto validation = training::drawn_scenes(training::kValidationScenes, kNumValidation);
      train_all(*scenes, *validation);
    } else {
      const auto all = training::open_captioned_folder(pictures, kPictureSide);
      const training::HeldOutPictures split = training::hold_out_pictures(*all);
      train_all(*split.learned, *split.validation);
    }
  }

  void train_all(const training::CaptionedPictures& learned, const training::CaptionedPictures& validation) {
    const training::ZooJob job = {.out = out,
                                  .pictures = learned,
                                  .validation = validation,
                                  .with_practice = pictures.empty(),
                                  .length = length,
                                  .seed = seed,
                                  .command_line = command_line()};
    if (wants("vae")) train(job, "vae", training::train_autoencoder);
    if (wants("clip")) train(job, "clip", training::train_clip);
    if (wants("unet")) train(job, "unet", training::train_unet);
    if (wants("blip")) train(job, "blip", training::train_blip);
  }

  /// Each model's run has a folder of its own: the others may come later, or with other settings.
  void train(const training::ZooJob& job, const std::string& model, Json (*train_model)(const training::ZooJob&)) {
    const Manifest manifest = {.command = "zoo train " + model,
                               .command_line = command_line(),
                               .settings = {{"length", length}, {"seed", seed}},
                               .inputs = {{"pictures", job.pictures.description()}}};
    OutputFolder folder(std::filesystem::path(out) / "training" / model, manifest, {.overwrite = overwrite});
    if (folder.was_finished()) {
      log_info("{} is trained already: nothing to do", model);
      return;
    }
    remove_half_written(out);
    const Json figures = train_model(job);
    model_checks::write_zoo_hashes(out);
    folder.finish(figures);
    report(model, figures);
  }
};

}  // namespace

Command zoo() {
  return make_command<Zoo>("zoo", "Train the models of a zoo from nothing: autoencoder, CLIP, diffusion model, BLIP");
}

}  // namespace fmri2img::commands
