#include "fmri2img/training/import_mlp.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "fmri2img/core/random.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

// TINY of tools/parity/voxel_decoder.py: 12 vertices, 20 rows in batches of 6, two of five epochs done.
constexpr int64_t kTinyVertices = 12;
constexpr int64_t kTinyRows = 20;

std::vector<int64_t> count_up(int64_t count) {
  std::vector<int64_t> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

OriginalCheckpoint tiny_checkpoint() {
  return read_original_checkpoint(testing::test_data("voxel_decoder/original_checkpoint"));
}

decoding::DecoderRecord tiny_record(std::vector<int64_t> columns = count_up(kTinyVertices)) {
  decoding::DecoderRecord record;
  record.vertices = {.expression = "all", .columns = std::move(columns), .num_vertices = kTinyVertices};
  record.codec = {{"name", "vae"}};
  record.latent_shape = {1, 4, 4};
  record.train_rows = count_up(kTinyRows);
  return record;
}

MlpTraining tiny_training() {
  MlpTraining training;
  training.options = {.epochs = 5, .batch = 6, .dropout = false};
  return training;
}

TEST(OriginalCheckpoint, ReadsSizesFromTheTensors) {
  const OriginalCheckpoint checkpoint = tiny_checkpoint();
  EXPECT_EQ(checkpoint.num_vertices(), kTinyVertices);
  EXPECT_EQ(checkpoint.steps, 8);
  const models::VoxelDecoderOptions sizes = network_sizes(checkpoint, {});
  EXPECT_EQ(sizes.width, 16);
  EXPECT_EQ(sizes.blocks, 1);
  EXPECT_EQ(sizes.channels, (std::vector<int64_t>{32}));
  EXPECT_EQ(sizes.latent.channels, 1);
  EXPECT_EQ(sizes.latent.height, 4);
}

// Golden: tools/parity/voxel_decoder.py, which trained on without a break.
TEST(ImportMlp, GoesOnAsTheOriginalWouldHave) {
  const io::StateDict golden = io::read_safetensors(testing::test_data("voxel_decoder/original_run.safetensors"));
  const testing::TemporaryFolder folder;
  const ImportedTraining imported = import_mlp(tiny_checkpoint(), tiny_training(), tiny_record(), folder.path());
  EXPECT_TRUE(imported.resumable);
  EXPECT_EQ(imported.state.epoch, 2);
  models::VoxelDecoder model(network_sizes(tiny_checkpoint(), {}));
  VoxelDecoderTrainer trainer(model,
                              make_generator(0),
                              {golden.at("responses"), golden.at("latents"), count_up(kTinyRows), {}},
                              tiny_training().options,
                              folder.path());
  ASSERT_TRUE(trainer.resume());
  EXPECT_EQ(trainer.state().steps, 8);
  for (int64_t step = 8; step < 12; ++step) {
    const double expected = golden.at("losses")[step].item<double>();
    EXPECT_NEAR(trainer.step(), expected, 1e-3 * expected) << "step " << step;
  }
}

TEST(ImportMlp, GathersTheColumnsOfARoiSet) {
  const std::vector<int64_t> columns = {0, 3, 4, 11};
  const testing::TemporaryFolder whole, part;
  import_mlp(tiny_checkpoint(), tiny_training(), tiny_record(), whole.path());
  import_mlp(tiny_checkpoint(), tiny_training(), tiny_record(columns), part.path());
  const at::Tensor gathered = at::randn({3, 4}, make_generator(5));
  const at::Tensor masked = at::zeros({3, kTinyVertices}).index_copy(1, at::tensor(columns, at::kLong), gathered);
  const at::Tensor expected = decoding::load_decoder(whole.path())->predict(masked);
  EXPECT_TRUE(at::allclose(decoding::load_decoder(part.path())->predict(gathered), expected, 1e-5, 1e-6));
  const io::StateDict checkpoint = io::read_safetensors(part / "checkpoints/last.safetensors");
  EXPECT_EQ(checkpoint.at("optimiser.exp_avg.lin0.0.weight").size(1), 4);
}

TEST(ImportMlp, RefusesWhatDoesNotBelongTogether) {
  const testing::TemporaryFolder folder;
  decoding::DecoderRecord other = tiny_record();
  other.vertices.num_vertices = 13;
  EXPECT_ERROR(import_mlp(tiny_checkpoint(), tiny_training(), other, folder.path()),
               "original_checkpoint",
               "reads 12 vertices, the subject has 13",
               "another subject");
  MlpTraining batch = tiny_training();
  batch.options.batch = 7;  // three steps an epoch
  EXPECT_ERROR(import_mlp(tiny_checkpoint(), batch, tiny_record(), folder.path()),
               "\"steps\" is 8",
               "whole epochs of 3 steps (20 training rows in batches of 7)",
               "--batch");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OriginalCheckpoint, NamesWhatOtherFilesLack) {
  EXPECT_ERROR(read_original_checkpoint(testing::test_data("io_models/torch/checkpoint")),
               "no tensor \"lin0.0.weight\"");
}

}  // namespace
}  // namespace fmri2img::training
