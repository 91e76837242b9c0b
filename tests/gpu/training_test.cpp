// Claims: a decoder trained on a GPU loses as the processor's does, step by step, and goes on from its checkpoint on
// either; a codec on a GPU gives the processor's latents and pictures. Truth: the processor.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "fmri2img/models/latent_codec.h"
#include "fmri2img/training/voxel_decoder_trainer.h"
#include "tests/parity/models/golden_models.h"
#include "tests/parity/voxel_decoder/small_decoder.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

class GpuTraining : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!at::hasCUDA()) GTEST_SKIP() << "no CUDA device is usable here";
    at::globalContext().setAllowTF32CuDNN(false);
  }

  VoxelDecoderTrainer trainer(at::Device device, const std::string& name) const {
    const at::Generator generator = make_generator(1);
    const models::VoxelDecoder model = models::small::make(generator);
    const at::Generator data = make_generator(2);
    const at::Tensor responses = at::randn({24, models::small::kVertices}, data);
    const at::Tensor latents = at::randn({24, 3, 8, 12}, data);
    std::vector<int64_t> rows = models::small::all_columns(24);
    const std::vector<int64_t> validation(rows.begin() + 16, rows.end());
    rows.resize(16);
    return {model,
            generator,
            {responses, latents, rows, validation},
            {.epochs = 3, .batch = 8, .device = device},
            folder.path() / name};
  }

  testing::TemporaryFolder folder;
};

TEST_F(GpuTraining, LosesAsTheProcessorDoes) {
  VoxelDecoderTrainer exact = trainer(at::kCPU, "cpu"), found = trainer(at::kCUDA, "cuda");
  // Differences of rounding grow from step to step.
  for (int step = 0; step < 2; ++step) EXPECT_NEAR(found.step(), exact.step(), 1e-4) << step;
}

TEST_F(GpuTraining, GoesOnFromItsCheckpointOnEither) {
  const double there = trainer(at::kCUDA, "run").run().state.best_validation.value();
  for (const at::Device device : {at::Device(at::kCUDA), at::Device(at::kCPU)}) {
    VoxelDecoderTrainer again = trainer(device, "run");
    ASSERT_TRUE(again.resume());
    EXPECT_EQ(again.run().state.best_validation.value(), there);
  }
}

TEST_F(GpuTraining, CodecGivesTheProcessorsLatentsAndPictures) {
  const at::Tensor pictures = at::rand({3, 3, 32, 32}, make_generator(3));
  for (const char* model : {"models/kl_fp16", "models/tiny_fp16"}) {
    const auto open = [&](at::Device device) {
      return models::open_codec(testing::test_data(model), {.picture_size = std::pair(32, 32), .device = device});
    };
    const auto exact = open(at::kCPU), found = open(at::kCUDA);
    const at::Tensor latents = exact->encode(pictures, {});
    using models::relative_difference;
    EXPECT_CLOSE(found->encode(pictures, {}), latents, 1e-4) << model;
    EXPECT_CLOSE(found->decode(latents), exact->decode(latents), 1e-4) << model;
    EXPECT_EQ(found->config(), exact->config()) << "the same fingerprint";
  }
}

}  // namespace
}  // namespace fmri2img::training
