#include "fmri2img/training/zoo/train_clip.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/text/byte_pair_vocabulary.h"
#include "fmri2img/text/prompt_words.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/clip_lesson.h"
#include "fmri2img/training/zoo/lessons/clip_practice_lesson.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"
#include "fmri2img/training/zoo/practice.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

Recipe clip_recipe() {
  return {.steps = 1200,
          .batch = 128,
          .learning_rate = 1e-3,
          .warmup_steps = 150,
          .beta2 = 0.98,
          .weight_decay = 0.05,
          .bf16 = true};
}

constexpr int64_t kPracticeDecodedOf = 8;

/// Of the image tower alone, and short: after it decoded pictures are no longer strange to the model, as they are not
/// to a CLIP that has seen the web. Ten times as long, and it tells what was seen from a decoded picture as well as
/// from an image that was made of it.
Recipe practice_recipe() {
  return {.steps = 80,
          .batch = 128,
          .learning_rate = 1e-4,
          .warmup_steps = 20,
          .beta2 = 0.98,
          .weight_decay = 0.05,
          .average_decay = 0.9,
          .bf16 = true};
}

constexpr const char* kClip =
    "A CLIPModel of transformers: pictures of 64 x 64 pixels and captions as vectors of 64 numbers.";
constexpr const char* kTextEncoder =
    "A CLIPTextModel of transformers: the text tower of the mini CLIP, whose states the mini diffusion model reads.";

/// What the image tower practises on, and how good the model is after it.
struct Practice {
  std::string pictures;
  Json figures;
};

Practice practise(models::ClipModel model,
                  const models::ImageProcessorOptions& processor,
                  const text::BytePairTokenizer& tokenizer,
                  const ZooJob& job) {
  const auto decoded = practice_pictures(job, "CLIP"), exam = examined_pictures(job, "none", "CLIP");
  ClipPracticeLesson lesson(std::move(model),
                            processor,
                            tokenizer,
                            {.sharp = job.pictures, .decoded = decoded.get(), .decoded_of = kPracticeDecodedOf},
                            {.sharp = job.validation, .decoded = *exam});
  const Recipe recipe = for_job(practice_recipe(), job);
  return {.pictures = fmt::format("these and {}, for {} steps more of the image tower alone",
                                  decoded->description(),
                                  format_count(recipe.steps)),
          .figures = LessonTrainer(lesson, recipe, job.out / "training/clip/practice").run()};
}

}  // namespace

Json train_clip(const ZooJob& job) {
  const Recipe recipe = for_job(clip_recipe(), job);
  const fs::path folder = job.out / "clip", pipeline = job.out / "stable-diffusion";
  const text::Vocabulary vocabulary =
      text::learn_byte_pair_vocabulary(captions_to_learn(job.pictures), text::kPromptWords);
  for (const fs::path& tokenizer : {folder, pipeline / "tokenizer"})
    text::write_byte_pair_vocabulary(tokenizer, vocabulary, kMiniTextLength);
  const text::BytePairTokenizer tokenizer(folder);

  const Json config = mini_clip(static_cast<int64_t>(vocabulary.ids.size())), processor = mini_clip_processor();
  models::ClipModel model(models::ClipOptions::from_json(config, "the mini CLIP"));
  model->reset_parameters(make_generator(job.seed));
  const auto processor_options = models::ImageProcessorOptions::from_json(
      processor, "the mini CLIP's processor", models::ImageProcessorOptions::clip_defaults());
  ClipLesson lesson(model, processor_options, tokenizer, job.pictures, job.validation);
  Json figures = LessonTrainer(lesson, recipe, job.out / "training/clip").run();
  std::string pictures = job.pictures.description();
  if (job.with_practice) {
    const Practice practice = practise(model, processor_options, tokenizer, job);
    pictures += ", then " + practice.pictures;
    figures = practice.figures;
  }

  write_json(folder / "preprocessor_config.json", processor);
  ModelCard card = card_of(job, recipe, "Mini CLIP", and_what_it_knows(kClip, job), figures);
  card.pictures = pictures;
  write_model(folder, kTransformersWeights, *model, config, card);
  write_model(pipeline / "text_encoder",
              kTransformersWeights,
              *model,
              mini_text_encoder(config),
              card_of(job, recipe, "Mini text encoder", kTextEncoder, figures),
              "text_model.");
  return figures;
}

}  // namespace fmri2img::training
