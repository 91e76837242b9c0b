#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "fmri2img/core/random.h"
#include "fmri2img/text/byte_pair_vocabulary.h"
#include "fmri2img/text/word_piece_vocabulary.h"
#include "fmri2img/training/zoo/lessons/blip_lesson.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/clip_lesson.h"
#include "fmri2img/training/zoo/lessons/clip_practice_lesson.h"
#include "fmri2img/training/zoo/lessons/diffusion_lesson.h"
#include "fmri2img/training/zoo/lessons/lesson_trainer.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kTextLength = 24;

Recipe short_recipe(int64_t steps, double learning_rate) {
  return {.steps = steps, .batch = 16, .learning_rate = learning_rate, .warmup_steps = 10, .average_decay = 0.9};
}

models::ClipOptions small_clip(int64_t vocab_size) {
  const models::ClipEncoderOptions tower = {
      .hidden_size = 32, .intermediate_size = 64, .num_hidden_layers = 1, .num_attention_heads = 2};
  return {.text = models::ClipTextOptions{.encoder = tower,
                                          .vocab_size = vocab_size,
                                          .max_position_embeddings = kTextLength,
                                          .eos_token_id = vocab_size - 1},
          .vision = {.encoder = tower, .image_size = 64, .patch_size = 16},
          .projection_dim = 16};
}

/// Two dozen scenes with the tokenizers of their captions.
class ZooLessons : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  std::unique_ptr<CaptionedPictures> scenes_ = drawn_scenes(5, 24);
  std::vector<std::string> captions_ = captions_to_learn(*scenes_);
  text::Vocabulary byte_pairs_ = text::learn_byte_pair_vocabulary(captions_, {});
  text::Vocabulary word_pieces_ = text::learn_word_piece_vocabulary(captions_, {});
};

TEST_F(ZooLessons, ClipLearnsWhichCaptionIsWhose) {
  text::write_byte_pair_vocabulary(folder_.path() / "clip", byte_pairs_, kTextLength);
  const text::BytePairTokenizer tokenizer(folder_.path() / "clip");
  models::ClipModel model(small_clip(static_cast<int64_t>(byte_pairs_.ids.size())));
  model->reset_parameters(make_generator(1));
  ClipLesson lesson(model, {}, tokenizer, *scenes_, *scenes_);
  const double before = lesson.validate().at("caption_top1_of_100").get<double>();
  const Json figures = LessonTrainer(lesson, short_recipe(80, 3e-3), folder_.path()).run();
  EXPECT_LT(before, 0.3);
  EXPECT_GT(figures.at("caption_top1_of_100").get<double>(), 0.7);
  EXPECT_GT(figures.at("blurred_two_way").get<double>(), 0.7);
}

TEST_F(ZooLessons, ClipsImageTowerPractisesAlone) {
  text::write_byte_pair_vocabulary(folder_.path() / "clip", byte_pairs_, kTextLength);
  const text::BytePairTokenizer tokenizer(folder_.path() / "clip");
  models::ClipModel model(small_clip(static_cast<int64_t>(byte_pairs_.ids.size())));
  model->reset_parameters(make_generator(1));
  std::map<std::string, at::Tensor> before;
  for (const auto& item : model->named_parameters()) before[item.key()] = item.value().detach().clone();
  ClipPracticeLesson lesson(model, {}, tokenizer, {*scenes_, scenes_.get()}, {*scenes_, *scenes_});
  const double at_first = lesson.validate().at("ridge_caption_two_way").get<double>();
  const Json figures = LessonTrainer(lesson, short_recipe(80, 3e-3), folder_.path()).run();
  EXPECT_LT(at_first, 0.7);
  EXPECT_GT(figures.at("ridge_caption_two_way").get<double>(), 0.9);
  for (const auto& item : model->named_parameters()) {
    const bool of_pictures = item.key().starts_with("vision_model") || item.key().starts_with("visual_projection");
    EXPECT_EQ(at::equal(item.value(), before[item.key()]), !of_pictures) << item.key();
  }
}

TEST_F(ZooLessons, BlipLearnsTheCaptionsByHeart) {
  text::write_word_piece_vocabulary(folder_.path() / "blip", word_pieces_, kTextLength);
  const text::WordPieceTokenizer tokenizer(folder_.path() / "blip");
  models::BlipOptions options;
  options.vision = {.image_size = 64,
                    .patch_size = 16,
                    .hidden_size = 32,
                    .intermediate_size = 64,
                    .num_hidden_layers = 1,
                    .num_attention_heads = 2};
  options.text = {.vocab_size = static_cast<int64_t>(word_pieces_.ids.size()),
                  .hidden_size = 32,
                  .encoder_hidden_size = 32,
                  .intermediate_size = 64,
                  .num_hidden_layers = 1,
                  .num_attention_heads = 2,
                  .max_position_embeddings = kTextLength,
                  .bos_token_id = word_pieces_.ids.at("[DEC]"),
                  .sep_token_id = word_pieces_.ids.at("[SEP]"),
                  .pad_token_id = word_pieces_.ids.at("[PAD]")};
  models::Blip model(options);
  model->reset_parameters(make_generator(1));
  // The same scenes stand for decoded pictures: what is asked is whether both kinds are read and scored.
  BlipLesson lesson(
      model, {}, tokenizer, {*scenes_, scenes_.get()}, {{"sharp", scenes_.get()}, {"decoded", scenes_.get()}});
  const Json figures = LessonTrainer(lesson, short_recipe(200, 5e-3), folder_.path()).run();
  for (const char* name : {"sharp_kind", "sharp_hue", "sharp_place", "decoded_kind", "decoded_exact"})
    EXPECT_GT(figures.at(name).get<double>(), 0.7) << name;
}

TEST(DiffusionLesson, LearnsWhatATextStandsFor) {
  const testing::TemporaryFolder folder;
  models::ClipTextModel text_encoder(*small_clip(8).text);
  text_encoder->reset_parameters(make_generator(1));
  const models::UNetOptions options = {.block_out_channels = {16, 16},
                                       .cross_attention = {false, true},
                                       .layers_per_block = 1,
                                       .heads = {2, 2},
                                       .transformer_layers = {1, 1},
                                       .cross_attention_dim = 32,
                                       .norm_num_groups = 4};
  models::UNet model(options);
  model->reset_parameters(make_generator(2));
  // Two texts, and two latents that are all of them: the noise is what is left.
  const at::Tensor kinds = at::tensor({-1.5F, 1.5F}).repeat({16}).view({-1, 1, 1, 1});
  const LatentPictures pictures = {.latents = kinds.expand({-1, 4, 8, 8}).to(at::kHalf),
                                   .ids = at::tensor({1, 7, 2, 7}, at::kLong).view({2, 2}).repeat({16, 1})};
  DiffusionLesson lesson(
      model, {.text_encoder = text_encoder, .no_text = at::tensor({7, 7}, at::kLong), .noise = {}}, pictures, pictures);
  const double before = lesson.validate().at("noise_error").get<double>();
  const Json figures = LessonTrainer(lesson, short_recipe(120, 3e-3), folder.path()).run();
  EXPECT_GT(before, 0.8);
  EXPECT_LT(figures.at("noise_error").get<double>(), 0.25);
}

}  // namespace
}  // namespace fmri2img::training
