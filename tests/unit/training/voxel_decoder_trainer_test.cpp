#include "fmri2img/training/voxel_decoder_trainer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <numeric>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/nn/state_dict.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kToyVertices = 10;

models::VoxelDecoder toy_model(const at::Generator& generator) {
  models::VoxelDecoder model(models::VoxelDecoderOptions{
      .num_inputs = kToyVertices, .width = 16, .blocks = 1, .channels = {32}, .latent = {1, 4, 4}});
  std::vector<int64_t> columns(kToyVertices);
  std::iota(columns.begin(), columns.end(), 0);
  model->reset_parameters(generator, columns, kToyVertices);
  return model;
}

VoxelTrainingData toy_data() {
  const at::Generator generator = make_generator(9);
  const at::Tensor responses = at::randn({14, kToyVertices}, generator);
  return {responses, at::randn({14, 1, 4, 4}, generator), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {10, 11, 12, 13}};
}

/// A trainer with weights and dropout of seed 1; keeps the model for looking at.
struct ToyTraining {
  at::Generator generator = make_generator(1);
  models::VoxelDecoder model = toy_model(generator);
  VoxelDecoderTrainer trainer;
  ToyTraining(const VoxelTrainingOptions& options, const std::filesystem::path& folder)
      : trainer(model, generator, toy_data(), options, folder) {}
};

TEST(VoxelDecoderTrainer, ResumesInTheMiddleOfARunWithEqualBits) {
  const VoxelTrainingOptions options{.epochs = 4, .batch = 3, .shuffle = true};
  const testing::TemporaryFolder whole, cut;
  ToyTraining uninterrupted(options, whole.path());
  uninterrupted.trainer.run();
  // Interrupted after each step: six of them end in the middle of the second epoch, which has four.
  ToyTraining first(options, cut.path());
  EXPECT_FALSE(first.trainer.resume()) << "nothing is there yet";
  for (int i = 0; i < 6; ++i) {
    install_interrupt_handlers();
    std::raise(SIGTERM);
    EXPECT_ERROR(first.trainer.run(), "interrupted", "--resume");
  }
  install_interrupt_handlers();
  // What is done after the last checkpoint, as by a run that is killed, is lost and done again.
  for (int i = 0; i < 2; ++i) first.trainer.step();
  ToyTraining second(options, cut.path());
  ASSERT_TRUE(second.trainer.resume());
  EXPECT_EQ(second.trainer.state().steps, 6);
  EXPECT_EQ(second.trainer.state().epoch, 1);
  EXPECT_EQ(second.trainer.state().batch, 2);
  second.trainer.run();
  for (const auto& [name, tensor] : nn::state_dict(*second.model)) {
    EXPECT_TRUE(at::equal(tensor, nn::state_dict(*uninterrupted.model).at(name))) << name;
  }
  EXPECT_EQ(read_file(whole / "log.csv"), read_file(cut / "log.csv"));
}

TEST(VoxelDecoderTrainer, KeepsTheBestAndEveryNthCheckpoint) {
  const testing::TemporaryFolder folder;
  ToyTraining toy({.epochs = 4, .batch = 5, .keep_every = 2}, folder.path());
  const VoxelTrainingSummary summary = toy.trainer.run();
  EXPECT_EQ(summary.state.steps, 8);
  ASSERT_TRUE(summary.state.best_validation.has_value());
  for (const char* name : {"last", "best", "epoch-0002", "epoch-0004"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / "checkpoints" / (std::string(name) + ".safetensors"))) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "checkpoints/epoch-0003.safetensors"));
}

TEST(VoxelDecoderTrainer, StopsWhenPatienceIsUp) {
  const testing::TemporaryFolder folder;
  // Noise cannot be learnt: with a large learning rate the validation loss soon rises.
  ToyTraining toy({.epochs = 60, .batch = 2, .max_learning_rate = 0.05, .patience = 2}, folder.path());
  const VoxelTrainingSummary summary = toy.trainer.run();
  EXPECT_TRUE(summary.stopped_early);
  EXPECT_EQ(summary.state.epoch, summary.state.best_epoch + 2);
}

TEST(VoxelDecoderTrainer, ShowsTheLastValidationLossBesideTheBest) {
  const testing::TemporaryFolder folder;
  std::vector<std::string> notes;
  const ProgressSink before = set_progress_sink([&](const ProgressState& state) { notes.push_back(state.note); });
  ToyTraining toy({.epochs = 30, .batch = 5, .max_learning_rate = 0.05}, folder.path());
  toy.trainer.run();
  set_progress_sink(before);
  EXPECT_TRUE(std::ranges::any_of(notes, [](const std::string& note) {
    return note.starts_with("epoch 1, loss ") && note.find("validation") == std::string::npos;
  }));
  // Noise cannot be learnt: at the end the last loss is another than the best.
  const std::string& last = notes.back();
  const size_t validation = last.find(", validation "), best = last.find(", best ");
  ASSERT_NE(validation, std::string::npos) << last;
  ASSERT_NE(best, std::string::npos) << last;
  EXPECT_GT(std::stod(last.substr(validation + 13)), std::stod(last.substr(best + 7))) << last;
}

TEST(VoxelDecoderTrainer, Bf16StaysNearFp32) {
  const testing::TemporaryFolder exact_folder, fast_folder;
  ToyTraining exact({.epochs = 1, .batch = 5, .dropout = false}, exact_folder.path());
  ToyTraining fast({.epochs = 1, .batch = 5, .dropout = false, .bf16 = true}, fast_folder.path());
  const double expected = exact.trainer.step(), loss = fast.trainer.step();
  EXPECT_NEAR(loss, expected, 0.01 * expected);
  EXPECT_NE(loss, expected) << "bfloat16 was not used";
}

TEST(VoxelDecoderTrainer, RefusesARunThatCannotEnd) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(ToyTraining({.epochs = 2, .batch = 11}, folder.path()), "--batch is 11", "only 10 training rows");
  EXPECT_ERROR(ToyTraining({.epochs = 2, .batch = 5, .num_train = 5}, folder.path()), "4 steps", "2");
  EXPECT_ERROR(ToyTraining({.epochs = 0}, folder.path()), "--epochs is 0");
  EXPECT_ERROR(
      ToyTraining({.epochs = 2, .batch = 5, .num_train = 4}, folder.path()), "--num-train is 4", "--batch (5)");
  EXPECT_ERROR(ToyTraining({.batch = 5, .keep_every = -1}, folder.path()), "--keep-every is -1");
  EXPECT_ERROR(ToyTraining({.batch = 5, .patience = -1}, folder.path()), "--patience is -1");
}

TEST(VoxelDecoderTrainer, NamesRowsThatAreNotFinite) {
  const testing::TemporaryFolder folder;
  VoxelTrainingData data = toy_data();
  data.latents[3][0][0][0] = std::numeric_limits<float>::quiet_NaN();
  const at::Generator generator = make_generator(1);
  VoxelDecoderTrainer trainer(toy_model(generator), generator, data, {.epochs = 1, .batch = 5}, folder.path());
  EXPECT_ERROR(trainer.run(), "loss of step 1 is not a number", "doctor");
}

}  // namespace
}  // namespace fmri2img::training
