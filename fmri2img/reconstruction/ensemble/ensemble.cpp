#include "fmri2img/reconstruction/ensemble/ensemble.h"

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/diffusion/img2img_options.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/diffusion/time_steps.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kTrainedTimeSteps = 1000;  // of every Stable Diffusion; the model's own number is checked with it
constexpr int64_t kMostTokens = 512;

void choose_decoders(Ensemble& ensemble, const EnsembleOptions& options, const fs::path& subject) {
  if (!options.preset) {
    FMRI2IMG_CHECK_USAGE(!options.decoders, "--decoders is the folder of a preset's decoders: say --preset too");
    FMRI2IMG_CHECK_USAGE(!options.decoder.empty(),
                         "reconstruct needs a decoder: give its folder with --decoder (again for each further one), or "
                         "an --ensemble file, or --preset four-model-vote --decoders DIR");
    ensemble.decoders.assign(options.decoder.begin(), options.decoder.end());
    return;
  }
  ensemble.preset = find_preset(*options.preset);
  FMRI2IMG_CHECK_USAGE(options.decoder.empty(), "--preset names the decoders itself: leave out --decoder");
  FMRI2IMG_CHECK_USAGE(options.decoders.has_value(),
                       "--preset {} needs the folder that holds its decoders: give --decoders DIR",
                       *options.preset);
  ensemble.decoders = preset_folders(*ensemble.preset, *options.decoders, subject);
  ensemble.refine.scheduler = ensemble.preset->scheduler;
}

struct ModelFolder {
  const char* name;  // of the option, and of the folder in a zoo
  const char* what;
  std::optional<std::string> EnsembleOptions::*given;
  fs::path Ensemble::*chosen;
};

constexpr ModelFolder kModelFolders[] = {
    {"stable-diffusion", "Stable Diffusion", &EnsembleOptions::stable_diffusion, &Ensemble::stable_diffusion},
    {"clip", "CLIP", &EnsembleOptions::clip, &Ensemble::clip},
    {"blip", "BLIP", &EnsembleOptions::blip, &Ensemble::blip}};

void choose_models(Ensemble& ensemble, const EnsembleOptions& options) {
  for (const ModelFolder& folder : kModelFolders) {
    const auto& given = options.*folder.given;
    FMRI2IMG_CHECK_USAGE(given || options.zoo,
                         "reconstruct needs {}: give --{}, or --zoo DIR with stable-diffusion/, clip/ and blip/, or "
                         "stop at the low-level pictures with --low-only",
                         folder.what,
                         folder.name);
    const fs::path path = given ? fs::path(*given) : fs::path(*options.zoo) / folder.name;
    FMRI2IMG_CHECK(fs::exists(path),
                   "--{} \"{}\": the model {} is not there{}",
                   given ? folder.name : "zoo",
                   given ? *given : *options.zoo,
                   given ? folder.what : folder.name,
                   given ? "" : fmt::format("; give its folder with --{}", folder.name));
    ensemble.*folder.chosen = path;
  }
}

void choose_captions(CaptionSettings& caption, const EnsembleOptions& options) {
  caption.input = options.caption_input.value_or(caption.input);
  caption.max_new_tokens = options.max_new_tokens.value_or(caption.max_new_tokens);
  caption.beams = options.beams.value_or(caption.beams);
  FMRI2IMG_CHECK_USAGE(caption.input == "processor" || caption.input == "raw255",
                       "--caption-input is \"{}\", must be processor or raw255",
                       caption.input);
  FMRI2IMG_CHECK_USAGE(caption.max_new_tokens >= 1 && caption.max_new_tokens <= kMostTokens,
                       "--max-new-tokens is {}, must be 1 .. {}",
                       caption.max_new_tokens,
                       kMostTokens);
  FMRI2IMG_CHECK_USAGE(caption.beams >= 1 && caption.beams <= 64, "--beams is {}, must be 1 .. 64", caption.beams);
}

void choose_refinement(RefineSettings& refine, const EnsembleOptions& options) {
  refine.strength = options.strength.value_or(refine.strength);
  refine.guidance = options.guidance.value_or(refine.guidance);
  refine.steps = options.steps.value_or(refine.steps);
  refine.negative = options.negative.value_or(refine.negative);
  refine.scheduler = options.scheduler.value_or(refine.scheduler);
  refine.guidance_until = options.guidance_until.value_or(refine.guidance_until);
  refine.reuse_features = options.reuse_features.value_or(refine.reuse_features);
  diffusion::check_run_length({refine.steps, refine.strength}, kTrainedTimeSteps);
  FMRI2IMG_CHECK_USAGE(
      std::isfinite(refine.guidance) && refine.guidance >= 0, "--guidance is {}, must be 0 or more", refine.guidance);
  diffusion::check_img2img_options({.guidance_until = refine.guidance_until, .reuse_features = refine.reuse_features});
  if (!refine.scheduler.empty()) diffusion::parse_scheduler_name(refine.scheduler);
}

/// The cheap votes always; the others where asked for.
void choose_votes(Ensemble& ensemble, const EnsembleOptions& options) {
  if (options.vote) ensemble.vote = find_vote(*options.vote, "--vote");
  std::vector<Vote> asked{ensemble.vote};
  for (const std::string& name : options.votes) {
    if (name != "all") asked.push_back(find_vote(name, "--votes"));
  }
  const bool all = std::find(options.votes.begin(), options.votes.end(), "all") != options.votes.end();
  for (const Vote vote : all_votes()) {
    const bool cheap = vote != Vote::kEncoder && vote != Vote::kAverage;
    if (cheap || all || std::find(asked.begin(), asked.end(), vote) != asked.end()) ensemble.votes.push_back(vote);
  }
}

}  // namespace

Json Ensemble::settings(bool guided) const {
  Json json = {{"preset", preset ? Json(preset->name) : Json()}, {"decoders", Json::array()}, {"low_only", !guided}};
  for (const fs::path& folder : decoders) json["decoders"].push_back(fs::weakly_canonical(folder).string());
  if (!guided) return json;
  json["caption_input"] = caption.input;
  json["max_new_tokens"] = caption.max_new_tokens;
  json["beams"] = caption.beams;
  json["strength"] = refine.strength;
  json["guidance"] = refine.guidance;
  json["steps"] = refine.steps;
  json["negative"] = refine.negative;
  json["scheduler"] = refine.scheduler;
  json["guidance_until"] = refine.guidance_until;
  json["reuse_features"] = refine.reuse_features;
  json["vote"] = vote_name(vote);
  json["votes"] = Json::array();
  for (const Vote computed : votes) json["votes"].push_back(vote_name(computed));
  json["seed"] = seed;
  return json;
}

Ensemble make_ensemble(const EnsembleOptions& options, bool guided, const fs::path& subject) {
  Ensemble ensemble;
  choose_decoders(ensemble, options, subject);
  if (options.codec_model) ensemble.codec_model = *options.codec_model;
  ensemble.seed = options.seed.value_or(ensemble.seed);
  choose_captions(ensemble.caption, options);
  choose_refinement(ensemble.refine, options);
  choose_votes(ensemble, options);
  if (guided) {
    choose_models(ensemble, options);
    if (!ensemble.codec_model) ensemble.codec_model = ensemble.stable_diffusion;
    return ensemble;
  }
  // What an ensemble says of the later stages was checked and is not needed; its VAE may be.
  ensemble.votes.clear();
  if (!ensemble.codec_model && options.stable_diffusion) ensemble.codec_model = *options.stable_diffusion;
  if (!ensemble.codec_model && options.zoo) ensemble.codec_model = fs::path(*options.zoo) / "stable-diffusion";
  return ensemble;
}

}  // namespace fmri2img::reconstruction
