#include "commands/ensemble_options.h"

#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

constexpr const char* kModelGroup = "Models";
constexpr const char* kGuideGroup = "Captions and high-level images";
constexpr const char* kVoteGroup = "Vote";

}  // namespace

void EnsembleCommandOptions::add_decoders_to(CLI::App& app) {
  app.add_option("--decoder", typed.decoder, "Folder of a trained decoder; again for each further one of an ensemble")
      ->allow_extra_args(false);
  app.add_option("--preset", typed.preset, "four-model-vote: the original's decoders 92, 94, 97 and 100");
  app.add_option("--decoders", typed.decoders, "With --preset: the folder that holds its decoders");
}

void EnsembleCommandOptions::add_models_to(CLI::App& app) {
  const auto in = [&app](const char* group, const std::string& name, auto& value, const std::string& help) {
    return app.add_option(name, value, help)->group(group);
  };
  in(kModelGroup, "--zoo", typed.zoo, "Folder with stable-diffusion/, clip/ and blip/");
  in(kModelGroup, "--stable-diffusion", typed.stable_diffusion, "Folder of Stable Diffusion (default: of --zoo)");
  in(kModelGroup, "--clip", typed.clip, "Folder or file of CLIP (default: of --zoo)");
  in(kModelGroup, "--blip", typed.blip, "Folder of BLIP (default: of --zoo)");
  in(kModelGroup,
     "--codec-model",
     typed.codec_model,
     "Folder with the weights of the decoders' codec, where it needs any (default: Stable Diffusion's)");
  in(kGuideGroup, "--strength", typed.strength, "Share of the diffusion that is done, in (0, 1] (default: 0.75)");
  in(kGuideGroup, "--guidance", typed.guidance, "How far the caption leads (default: 6)");
  in(kGuideGroup, "--steps", typed.steps, "Steps of a whole diffusion (default: 50)");
  in(kGuideGroup, "--negative", typed.negative, "What the high-level images stay away from (default: nothing)");
  in(kGuideGroup,
     "--scheduler",
     typed.scheduler,
     "pndm, ddim, dpm++2m, dpm++2m-karras, euler, euler-ancestral, unipc or lcm (default: the model folder's)");
  in(kGuideGroup,
     "--guidance-until",
     typed.guidance_until,
     "Share of the steps with guidance; below 1 is faster and approximate (default: 1)");
  in(kGuideGroup,
     "--reuse-features",
     typed.reuse_features,
     "Run the whole network every so many steps, its last layer alone in between; above 1 is faster and approximate "
     "(default: 1)");
  in(kGuideGroup,
     "--caption-input",
     typed.caption_input,
     "processor, or raw255: unnormalised pictures, as the original fed BLIP (default: processor)");
  in(kGuideGroup, "--max-new-tokens", typed.max_new_tokens, "Longest caption (default: 20)");
  in(kGuideGroup, "--beams", typed.beams, "Beams of the captions; 1 is greedy (default: 1)");
  in(kGuideGroup, "--seed", typed.seed, "Seed of the run; every image has its own from it (default: 42)")
      ->check(not_negative());
}

void EnsembleCommandOptions::add_to(CLI::App& app) {
  add_decoders_to(app);
  app.add_option("--ensemble", file, "TOML file with decoders, models and settings; options on the command line win");
  add_models_to(app);
  app.add_option("--vote",
                 typed.vote,
                 "What decides: low-high, consensus, encoder, average, random or first (default: low-high)")
      ->group(kVoteGroup);
  app.add_option("--votes", typed.votes, "Costly votes to record besides: encoder, average or all; may be repeated")
      ->allow_extra_args(false)
      ->group(kVoteGroup);
}

reconstruction::Ensemble EnsembleCommandOptions::read(bool guided, const std::filesystem::path& subject) const {
  const reconstruction::EnsembleOptions options =
      file.empty() ? typed : reconstruction::merge_options(typed, reconstruction::read_ensemble_file(file));
  return reconstruction::make_ensemble(options, guided, subject);
}

}  // namespace fmri2img::commands
