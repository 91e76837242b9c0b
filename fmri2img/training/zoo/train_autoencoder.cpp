#include "fmri2img/training/zoo/train_autoencoder.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/random.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/image.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/training/zoo/contact_sheet.h"
#include "fmri2img/training/zoo/lessons/autoencoder_lesson.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

Recipe autoencoder_recipe() {
  return {.steps = 4000, .batch = 16, .learning_rate = 2e-3, .warmup_steps = 200, .weight_decay = 1e-4};
}

constexpr const char* kWhat =
    "An AutoencoderKL of diffusers: pictures of 64 x 64 pixels to latents of 4 x 16 x 16 and back.";

/// The contact sheet: made from the folder, as any other program would read it.
void show_round_trip(const fs::path& folder, const CaptionedPictures& pictures) {
  const CaptionedBatch batch = pictures.read(data::all_rows(std::min(kOnContactSheet, pictures.size())));
  const auto codec = models::open_codec(folder);
  const at::Tensor returned = codec->decode(codec->encode(batch.pictures.to(at::kFloat) / 255, std::nullopt));
  std::vector<at::Tensor> made;
  for (const at::Tensor& picture : returned.unbind()) made.push_back(io::to_pixels(picture));
  write_contact_sheet(folder, batch, made);
}

}  // namespace

Json train_autoencoder(const ZooJob& job) {
  const Recipe recipe = for_job(autoencoder_recipe(), job);
  Json config = mini_autoencoder();
  const auto options = models::AutoencoderKLOptions::from_json(config, "the mini autoencoder");
  models::AutoencoderKL model(options);
  model->reset_parameters(make_generator(job.seed));
  AutoencoderLesson lesson(model, options, job.pictures, job.validation);
  Json figures = LessonTrainer(lesson, recipe, job.out / "training/vae").run();

  config["scaling_factor"] = 1 / figures.at("latent_deviation").get<double>();
  const fs::path folder = job.out / "stable-diffusion/vae";
  ModelCard card = card_of(job, recipe, "Mini autoencoder", and_what_it_knows(kWhat, job), figures);
  card.contact_sheet = "Pictures, and below each what comes back from its latents:";
  write_model(folder, kDiffusersWeights, *model, config, card);
  show_round_trip(folder, job.validation);
  return figures;
}

}  // namespace fmri2img::training
