#include "fmri2img/training/zoo/train_autoencoder.h"

#include "fmri2img/core/random.h"
#include "fmri2img/training/zoo/lessons/autoencoder_lesson.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"

namespace fmri2img::training {
namespace {

Recipe autoencoder_recipe() {
  return {.steps = 4000, .batch = 16, .learning_rate = 2e-3, .warmup_steps = 200, .weight_decay = 1e-4};
}

constexpr const char* kWhat =
    "An AutoencoderKL of diffusers: pictures of 64 x 64 pixels to latents of 4 x 16 x 16 and back.";

}  // namespace

Json train_autoencoder(const ZooJob& job) {
  const Recipe recipe = for_job(autoencoder_recipe(), job);
  Json config = mini_autoencoder();
  const auto options = models::AutoencoderKLOptions::from_json(config, "the mini autoencoder");
  models::AutoencoderKL model(options);
  model->reset_parameters(make_generator(job.seed));
  AutoencoderLesson lesson(model, options, job.pictures, job.validation);
  const Json figures = LessonTrainer(lesson, recipe, job.out / "training/vae").run();

  config["scaling_factor"] = 1 / figures.at("latent_deviation").get<double>();
  write_model(job.out / "stable-diffusion/vae",
              kDiffusersWeights,
              *model,
              config,
              card_of(job, recipe, "Mini autoencoder", and_what_it_knows(kWhat, job), figures));
  return figures;
}

}  // namespace fmri2img::training
