// Claim: the committed models, as rounded to float16, are as good on scenes that nobody has learned from as their cards
// say of the models before. Source of truth: the figures that `zoo train` takes, here of a few scenes; the limits are
// what the zoo was made to reach.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/training/zoo/lessons/autoencoder_lesson.h"
#include "fmri2img/training/zoo/lessons/blip_lesson.h"
#include "fmri2img/training/zoo/lessons/contrastive.h"
#include "tests/support/reference_data.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

class MiniZooFigures : public ::testing::Test {
 protected:
  /// Neither those that the models have learned from, nor those of the cards.
  static std::unique_ptr<CaptionedPictures> scenes(int64_t count) { return drawn_scenes(9, count); }

  fs::path zoo_ = testing::test_data("../../zoo/mini");
  at::NoGradGuard no_grad_;
};

TEST_F(MiniZooFigures, TheAutoencoderGivesPicturesBack) {
  const auto source = models::read_autoencoder_kl_source(zoo_ / "stable-diffusion/vae");
  models::AutoencoderKL model(source.options);
  nn::load_weights(*model, source.weights, source.rules);
  const auto pictures = scenes(64);
  const Json figures = AutoencoderLesson(model, source.options, *pictures, *pictures).validate();
  EXPECT_GE(figures.at("psnr_db").get<double>(), 26);
  EXPECT_NEAR(figures.at("latent_deviation").get<double>() * source.options.scaling_factor, 1, 0.05);
}

TEST_F(MiniZooFigures, ClipFindsThePicturesCaption) {
  const models::LoadedClip clip = models::load_clip(zoo_ / "clip");
  const Json figures = clip_figures(clip.model, clip.processor, text::BytePairTokenizer(zoo_ / "clip"), *scenes(400));
  EXPECT_GE(figures.at("caption_top1_of_100").get<double>(), 0.85);
  EXPECT_GE(figures.at("blurred_two_way").get<double>(), 0.99);
}

TEST_F(MiniZooFigures, BlipNamesWhatItSees) {
  const auto pictures = scenes(200);
  const auto processor = models::ImageProcessorOptions::from_json(read_json(zoo_ / "blip/preprocessor_config.json"),
                                                                  "the mini BLIP's processor",
                                                                  models::ImageProcessorOptions::blip_defaults());
  const text::WordPieceTokenizer tokenizer(zoo_ / "blip");
  BlipLesson lesson(models::load_blip(zoo_ / "blip"),
                    processor,
                    tokenizer,
                    {.sharp = *pictures, .decoded = nullptr},
                    {{"sharp", pictures.get()}});
  const Json figures = lesson.validate();
  EXPECT_GE(figures.at("sharp_kind").get<double>(), 0.85);
  EXPECT_GE(figures.at("sharp_hue").get<double>(), 0.95);
  EXPECT_GE(figures.at("sharp_place").get<double>(), 0.99);
}

TEST_F(MiniZooFigures, DiffusersAndTransformersWereAskedAboutTheseWeights) {
  const std::string parity = read_file(zoo_ / "PARITY.md");
  std::istringstream hashes(read_file(zoo_ / model_checks::kZooHashes));
  int weights = 0;
  for (std::string line; std::getline(hashes, line);) {
    if (!line.ends_with(".safetensors")) continue;
    ++weights;
    EXPECT_THAT(parity, ::testing::HasSubstr(line)) << "tools/parity/mini_zoo.py writes PARITY.md";
  }
  EXPECT_EQ(weights, 5);
}

}  // namespace
}  // namespace fmri2img::training
