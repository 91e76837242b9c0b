#include "fmri2img/training/train_mlp.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "fmri2img/data/subject.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

decoding::DecoderRecord small_record() {
  decoding::DecoderRecord record;
  record.vertices = {.expression = "all", .columns = {0, 1, 2}, .num_vertices = 18};
  record.codec = {{"name", "vae"}};
  record.latent_shape = {1, 4, 4};
  record.train_rows = {0, 1, 2, 3};
  return record;
}

TEST(TrainMlp, AsksForMemoryBeforeTheNetworkIsMade) {
  const testing::TemporaryFolder folder;
  testing::make_subject(folder / "subj");
  const data::Subject subject = data::Subject::open(folder / "subj");
  const auto train = [&](const MlpTraining& training) {
    return train_mlp(subject, at::zeros({4, 1, 4, 4}), training, small_record(), folder.path());
  };
  MlpTraining training;
  training.options.batch = 2;
  training.sizes = {.width = int64_t{1} << 22, .blocks = 4, .channels = {32}};  // a petabyte
  EXPECT_ERROR(train(training), "voxel decoder with 3 inputs at batch 2 needs about", "--roi", "--batch", "--width");
  training.sizes.width = std::numeric_limits<int64_t>::max();
  EXPECT_ERROR(train(training), "voxel decoder with 3 inputs", "needs about");
  training.sizes = {.width = 16, .blocks = 1, .channels = {}};
  EXPECT_ERROR(train(training), "--channels has 0 entries");
  EXPECT_FALSE(std::filesystem::exists(folder / "checkpoints"));
}

}  // namespace
}  // namespace fmri2img::training
