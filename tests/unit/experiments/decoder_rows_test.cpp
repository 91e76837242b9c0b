#include "fmri2img/experiments/decoder_rows.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <utility>

#include "fmri2img/core/json.h"
#include "fmri2img/core/random.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/training/targets.h"
#include "tests/support/errors.h"
#include "tests/support/small_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::experiments {
namespace {

using data::Partition;

class DecoderRowsTest : public ::testing::Test {
 protected:
  DecoderRowsTest() {
    testing::write_small_subject(folder / "subj", {.train_rows = 6, .test_rows = 2, .vertices = 5});
    latents = at::randn({6, 1, 4, 2, 2}, make_generator(4), at::kFloat);
    io::write_npy(folder / "subj/training_split/fMRI_VAE.npy", latents);
  }

  data::Subject subject() const { return data::Subject::open(folder / "subj"); }

  static decoding::DecoderRecord record(Json codec, models::LatentShape shape) {
    decoding::DecoderRecord made;
    made.vertices = {.expression = "all", .columns = {1, 4}, .num_vertices = 5};
    made.codec = std::move(codec);
    made.latent_shape = shape;
    return made;
  }

  testing::TemporaryFolder folder;
  at::Tensor latents;
};

TEST_F(DecoderRowsTest, AreTheDecodersVerticesAndTheStoredLatents) {
  const DecoderRows rows =
      load_decoder_rows(subject(), record({{"name", "vae"}}, {4, 2, 2}), Partition::kTrain, {5, 0}, std::nullopt);
  EXPECT_TRUE(at::equal(rows.latents[0], latents[5][0]));
  EXPECT_TRUE(at::equal(rows.latents[1], latents[0][0]));
  EXPECT_TRUE(at::equal(rows.responses, subject().responses(Partition::kTrain).gather({5, 0}, {1, 4})));
}

TEST_F(DecoderRowsTest, PixelsAreWhatTheDecoderLearned) {
  const training::Targets learned = training::load_targets(subject(), "pixels", {3, 1});
  const at::Tensor targets =
      decoder_targets(subject(), record(learned.codec, learned.shape), Partition::kTrain, {3, 1}, std::nullopt);
  EXPECT_TRUE(at::equal(targets, learned.latents));
}

TEST_F(DecoderRowsTest, PixelsOfTestPicturesNeedNoWeights) {
  const training::Targets learned = training::load_targets(subject(), "pixels", {0});
  const auto decoder = record(learned.codec, learned.shape);
  EXPECT_EQ(decoder_targets(subject(), decoder, Partition::kTest, {0, 1}, std::nullopt).size(0), 2);
}

TEST_F(DecoderRowsTest, LatentsOfAnotherCodecAreRefused) {
  const auto targets = [&](Json codec, models::LatentShape shape) {
    return decoder_targets(subject(), record(std::move(codec), shape), Partition::kTrain, {0}, std::nullopt);
  };
  EXPECT_ERROR(targets({{"name", "vae"}}, {4, 8, 8}), "4 x 2 x 2", "4 x 8 x 8", "fmri2img encode");
  std::filesystem::remove(folder / "subj/training_split/fMRI_VAE.npy");
  EXPECT_ERROR(targets({{"name", "vae"}}, {4, 2, 2}), "has no training_split/fMRI_VAE.npy");
}

}  // namespace
}  // namespace fmri2img::experiments
