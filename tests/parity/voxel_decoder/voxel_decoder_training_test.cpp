#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fmri2img/io/safetensors.h"
#include "fmri2img/training/voxel_decoder_trainer.h"
#include "tests/parity/voxel_decoder/small_decoder.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

namespace small = models::small;

/// Follows the reference's loss curve: 5 epochs of 20 rows in batches of 6, the last of 2 rows.
void expect_curve(bool dropout, const std::string& golden_name) {
  const io::StateDict golden = io::read_safetensors(testing::test_data("voxel_decoder/small.safetensors"));
  const testing::TemporaryFolder folder;
  const at::Generator generator = make_generator(42);
  VoxelDecoderTrainer trainer(small::make(generator),
                              generator,
                              {golden.at("responses"), golden.at("latents"), small::all_columns(20), {}},
                              {.epochs = 5, .batch = 6, .dropout = dropout},
                              folder.path());
  ASSERT_EQ(trainer.steps_per_epoch(), 4);
  trainer.run();
  // The curve is in the log: the running mean over the epoch, undone.
  std::ifstream log(folder / "log.csv");
  std::string line;
  std::getline(log, line);
  double sum = 0;
  for (int64_t step = 0; step < 20; ++step) {
    ASSERT_TRUE(std::getline(log, line));
    if (step % 4 == 0) sum = 0;
    const double mean = std::stod(line.substr(line.find(',') + 1));
    const double loss = mean * static_cast<double>(step % 4 + 1) - sum;
    sum += loss;
    const double expected = golden.at(golden_name)[step].item<double>();
    EXPECT_NEAR(loss, expected, 1e-3 * expected) << "step " << step;
  }
}

// Golden: tools/parity/voxel_decoder.py, the same network in PyTorch and diffusers.
TEST(VoxelDecoderTraining, FollowsTheReferencesLossCurve) {
  expect_curve(false, "losses");
}

TEST(VoxelDecoderTraining, DrawsTheReferencesDropout) {
  expect_curve(true, "losses_dropout");
}

}  // namespace
}  // namespace fmri2img::training
