#include "fmri2img/training/zoo/train_unet.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/random.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/training/zoo/drawn_from_captions.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/diffusion_lesson.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostEncoded = 60'000;  // pictures

Recipe unet_recipe() {
  return {.steps = 6000, .batch = 64, .learning_rate = 1.2e-3, .warmup_steps = 200};
}

constexpr const char* kUNet =
    "A UNet2DConditionModel of diffusers: tells noise from latents of 4 x 16 x 16, by a caption.";

/// Not readied for inference: a readied one is for one thread, and the replicas share this one.
models::ClipTextModel load_text_encoder(const fs::path& pipeline) {
  const auto source = models::read_text_encoder_source(pipeline);
  models::ClipTextModel text_encoder(source.options);
  nn::load_weights(*text_encoder, source.weights, source.rules);
  return text_encoder;
}

}  // namespace

Json train_unet(const ZooJob& job) {
  const fs::path pipeline = job.out / "stable-diffusion", folder = pipeline / "unet";
  require_trained(pipeline / "vae", "vae", "diffusion model");
  require_trained(pipeline / "text_encoder", "clip", "diffusion model");
  const text::BytePairTokenizer tokenizer(pipeline / "tokenizer");
  const Recipe recipe = for_job(unet_recipe(), job);
  const auto encode = [&](const CaptionedPictures& pictures) {
    const int64_t count = std::min(kMostEncoded, recipe.steps * recipe.batch);
    return encode_captioned(pictures, count, pipeline / "vae", tokenizer, job.seed);
  };

  models::UNet model(models::UNetOptions::from_json(mini_unet(), "the mini UNet"));
  model->reset_parameters(make_generator(job.seed));
  fs::create_directories(pipeline / "scheduler");
  write_json(pipeline / "scheduler/scheduler_config.json", mini_scheduler());
  const std::string nothing;
  DiffusionLesson lesson(model,
                         {.text_encoder = load_text_encoder(pipeline),
                          .no_text = clip_ids(tokenizer, {&nothing, 1}).squeeze(0),
                          .noise = diffusion::open_scheduler_config(pipeline, {}).noise},
                         encode(job.pictures),
                         encode(job.validation));
  Json figures = LessonTrainer(lesson, recipe, job.out / "training/unet").run();

  // The whole pipeline is asked for the card's figures, so the network has to be in its place before.
  write_weights(folder / kDiffusersWeights, *model);
  write_json(folder / "config.json", mini_unet());
  write_json(pipeline / "model_index.json", mini_pipeline());
  figures.update(judge_drawn_from_captions(job.out, job.validation));
  ModelCard card = card_of(job, recipe, "Mini diffusion model", and_what_it_knows(kUNet, job), figures);
  card.contact_sheet = "Pictures, and below each what the model draws from its caption alone, at the first try:";
  write_card(folder, kDiffusersWeights, card);
  return figures;
}

}  // namespace fmri2img::training
