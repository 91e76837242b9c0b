// Claims: on a GPU every network gives what it gives on the processor, for equal seeds: in float32 but for the order of
// sums, in half precision nearly. Truth: the processor's float32, which the parity tests compare with the references.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/captioner.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/models/unet/unet.h"
#include "fmri2img/nn/inference.h"
#include "tests/parity/blip/patchwork.h"
#include "tests/parity/models/golden_models.h"
#include "tests/parity/voxel_decoder/small_decoder.h"

namespace fmri2img::models {
namespace {

struct Precision {
  at::ScalarType dtype;
  double tolerance;  ///< of one network, relative to the largest value
};

// float16 has 11 bits of mantissa, bfloat16 8: some forty roundings to each output.
constexpr Precision kPrecisions[] = {{at::kFloat, 1e-4}, {at::kHalf, 0.01}, {at::kBFloat16, 0.05}};

class Gpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!at::hasCUDA()) GTEST_SKIP() << "no CUDA device is usable here";
    at::globalContext().setAllowTF32CuDNN(false);  // convolutions in float32 would have 10 bits of mantissa
  }

  const at::NoGradGuard no_grad_;
};

at::Tensor drawn(uint64_t seed, at::IntArrayRef shape) {
  return at::randn(shape, make_generator(seed), at::kFloat);
}

at::Tensor to_cpu(const at::Tensor& result) {
  return result.to(at::kCPU, at::kFloat);
}

TEST_F(Gpu, VoxelDecoder) {
  const at::Tensor responses = drawn(1, {5, small::kVertices});
  const at::Tensor expected = small::make(make_generator(2))->forward(responses);
  for (const auto& [dtype, tolerance] : kPrecisions) {
    VoxelDecoder model = small::make(make_generator(2));
    nn::prepare_for_inference(*model, nn::InferenceOptions{.dtype = dtype, .device = at::kCUDA});
    const at::Tensor found = model->forward(responses.to(at::kCUDA, dtype));
    ASSERT_TRUE(found.is_cuda());
    EXPECT_CLOSE(to_cpu(found), expected, tolerance) << dtype;
  }
}

TEST_F(Gpu, AutoencoderKL) {
  const std::filesystem::path folder = testing::test_data("img2img/sd1/vae");
  const auto open = [&](at::ScalarType dtype, at::Device device) {
    LoadedAutoencoderKL loaded = read_autoencoder_kl(folder);
    nn::prepare_for_inference(*loaded.model, nn::InferenceOptions{.dtype = dtype, .device = device});
    return loaded;
  };
  LoadedAutoencoderKL exact = open(at::kFloat, at::kCPU);
  const at::Tensor pictures = drawn(3, {2, 3, 24, 40}).clamp(-1, 1);
  const at::Tensor moments = exact.model->encode(pictures);
  const at::Tensor latents = posterior_mean(moments);
  const at::Tensor decoded = exact.model->decode(latents);
  for (const auto& [dtype, tolerance] : kPrecisions) {
    AutoencoderKL model = open(dtype, at::kCUDA).model;
    EXPECT_CLOSE(to_cpu(model->encode(pictures.to(at::kCUDA, dtype))), moments, tolerance) << dtype;
    EXPECT_CLOSE(to_cpu(model->decode(latents.to(at::kCUDA, dtype))), decoded, tolerance) << dtype;
  }
}

TEST_F(Gpu, UNet) {
  for (const char* name : {"img2img/sd1/unet", "img2img/sd2/unet"}) {
    UNet exact = open_unet(testing::test_data(name), at::kFloat, at::kCPU);
    const UNetOptions& options = exact->options();
    const UNetImpl::Input input{.sample = drawn(4, {2, options.in_channels, 12, 10}),
                                .time_steps = at::full({1}, 500.0),
                                .text = drawn(5, {2, 7, options.cross_attention_dim}),
                                .condition = {}};
    const at::Tensor expected = exact->forward(input);
    for (const auto& [dtype, tolerance] : kPrecisions) {
      UNet model = open_unet(testing::test_data(name), dtype, at::kCUDA);
      DeepFeatures features;
      const UNetImpl::Input there{.sample = input.sample.to(at::kCUDA),
                                  .time_steps = input.time_steps.to(at::kCUDA),
                                  .text = input.text.to(at::kCUDA, dtype),
                                  .condition = {}};
      EXPECT_CLOSE(to_cpu(model->forward(there, &features)), expected, tolerance) << name << dtype;
      EXPECT_CLOSE(to_cpu(model->forward_shallow(there, features)), expected, tolerance) << name << dtype;
    }
  }
}

TEST_F(Gpu, Clip) {
  const io::StateDict golden = io::read_safetensors(testing::test_data("clip/clip_answers.safetensors"));
  const std::vector<at::Tensor> pictures = {golden.at("picture_0"), golden.at("picture_1")};
  ClipEmbedder exact(load_clip(testing::test_data("clip/clip")), at::kFloat, at::kCPU);
  const at::Tensor of_pictures = exact.embed(pictures), of_texts = exact.embed_text(golden.at("ids"));
  for (const auto& [dtype, tolerance] : kPrecisions) {
    ClipEmbedder model(load_clip(testing::test_data("clip/clip")), dtype, at::kCUDA);
    EXPECT_CLOSE(model.embed(pictures), of_pictures, tolerance) << dtype;
    EXPECT_CLOSE(model.embed_text(golden.at("ids")), of_texts, tolerance) << dtype;
    EXPECT_CLOSE(model.classify(of_pictures, of_texts), exact.classify(of_pictures, of_texts), 1e-4) << dtype;
  }
}

TEST_F(Gpu, BlipCaptions) {
  const std::filesystem::path folder = testing::test_data("blip/saved");
  for (const int64_t beams : {1, 3}) {
    CaptionerOptions options{.generation = {.num_beams = beams}};
    const std::vector<Caption> expected = open_captioner(folder, options)->caption(patchworks());
    options.device = at::kCUDA;
    const std::vector<Caption> found = open_captioner(folder, options)->caption(patchworks());
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(found[i].tokens, expected[i].tokens) << beams << " beams";
    for (const at::ScalarType dtype : {at::kHalf, at::kBFloat16}) {
      options.dtype = dtype;
      const std::vector<Caption> rounded = open_captioner(folder, options)->caption(patchworks());
      EXPECT_EQ(rounded[0].tokens[1], expected[0].tokens[1]) << "the likeliest first word";
    }
  }
}

// Noise is drawn on the processor: the same seed gives the same picture on either.
TEST_F(Gpu, ImageToImage) {
  const std::filesystem::path folder = testing::test_data("img2img/sd1");
  const io::StateDict golden = io::read_safetensors(testing::test_data("img2img/sd1_answers.safetensors"));
  const std::vector<diffusion::RefineRequest> requests = {{golden.at("picture.one"), "a photo of a dog", 7}};
  for (const char* scheduler : {"pndm", "ddim", "dpm++2m", "euler", "euler-ancestral", "unipc", "lcm"}) {
    const diffusion::Img2ImgOptions options{
        .steps = 8, .negative = "blurry", .scheduler = diffusion::parse_scheduler_name(scheduler)};
    diffusion::StableDiffusion exact({.folder = folder}, options);
    const at::Tensor expected = exact.refine_latents(requests);
    for (const auto& [dtype, tolerance] : kPrecisions) {
      diffusion::StableDiffusion model({.folder = folder, .dtype = dtype, .device = at::kCUDA}, options);
      const at::Tensor latents = model.refine_latents(requests);
      EXPECT_CLOSE(latents, expected, 5 * tolerance) << scheduler << dtype;
      EXPECT_EQ(model.decode(latents)[0].sizes(), exact.decode(expected)[0].sizes());
    }
  }
}

}  // namespace
}  // namespace fmri2img::models
