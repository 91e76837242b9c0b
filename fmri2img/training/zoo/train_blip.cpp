#include "fmri2img/training/zoo/train_blip.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/core/random.h"
#include "fmri2img/text/prompt_words.h"
#include "fmri2img/text/word_piece_vocabulary.h"
#include "fmri2img/training/zoo/lessons/blip_lesson.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"
#include "fmri2img/training/zoo/practice.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

Recipe blip_recipe() {
  return {.steps = 9000, .batch = 64, .learning_rate = 1e-3, .warmup_steps = 150, .beta2 = 0.98, .weight_decay = 0.05};
}

constexpr const char* kBlip =
    "A BlipForConditionalGeneration of transformers: captions of pictures of 64 x 64 pixels, sharp or decoded from "
    "responses.";

struct ExamPictures {
  std::string name;
  std::unique_ptr<CaptionedPictures> pictures;
};

/// What the ridge decoders of the examined subject make, a decoder each.
std::vector<ExamPictures> decoded_exams(const ZooJob& job) {
  std::vector<ExamPictures> exams;
  for (const auto& [name, roi] :
       {std::pair{"ridge", "none"}, {"ridge_set1", "set1"}, {"ridge_set2", "set2"}, {"ridge_set3", "set3"}}) {
    exams.push_back({name, examined_pictures(job, roi, "BLIP")});
  }
  return exams;
}

}  // namespace

Json train_blip(const ZooJob& job) {
  const Recipe recipe = for_job(blip_recipe(), job);
  const fs::path folder = job.out / "blip";
  const text::Vocabulary vocabulary =
      text::learn_word_piece_vocabulary(captions_to_learn(job.pictures), text::kPromptWords);
  const Json config = mini_blip(vocabulary), processor = mini_blip_processor();
  const auto options = models::BlipOptions::from_json(config, "the mini BLIP");
  text::write_word_piece_vocabulary(folder, vocabulary, options.text.max_position_embeddings);
  const text::WordPieceTokenizer tokenizer(folder);

  std::unique_ptr<CaptionedPictures> decoded;
  std::vector<ExamPictures> decoded_exam;
  if (job.with_practice) {
    decoded = practice_pictures(job, "BLIP");
    decoded_exam = decoded_exams(job);
  }

  models::Blip model(options);
  model->reset_parameters(make_generator(job.seed));
  const auto processor_options = models::ImageProcessorOptions::from_json(
      processor, "the mini BLIP's processor", models::ImageProcessorOptions::blip_defaults());
  std::vector<BlipLesson::Exam> exams = {{"sharp", &job.validation}};
  for (const ExamPictures& exam : decoded_exam) exams.push_back({exam.name, exam.pictures.get()});
  BlipLesson lesson(
      model, processor_options, tokenizer, {.sharp = job.pictures, .decoded = decoded.get()}, std::move(exams));
  Json figures = LessonTrainer(lesson, recipe, job.out / "training/blip").run();

  ModelCard card = card_of(job, recipe, "Mini BLIP", and_what_it_knows(kBlip, job), figures);
  if (decoded) card.pictures += " and " + decoded->description();
  write_json(folder / "preprocessor_config.json", processor);
  write_model(folder, kTransformersWeights, *model, config, card);
  return figures;
}

}  // namespace fmri2img::training
