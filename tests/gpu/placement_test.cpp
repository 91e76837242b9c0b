// Claims: no network reads a weight or a value on the processor once it is on another device, and none makes tensors of
// its own where they do not belong. Truth: PyTorch's meta device, which has shapes and no memory, stands for a GPU on
// machines without one: reading from it, or mixing its tensors with the processor's, throws.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "fmri2img/diffusion/guided_noise.h"
#include "fmri2img/diffusion/noise.h"
#include "fmri2img/diffusion/sampler.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/blip/key_value_cache.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/models/unet/unet.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/embedding.h"
#include "fmri2img/nn/linear.h"
#include "fmri2img/nn/patch_embedding.h"
#include "tests/parity/models/golden_models.h"
#include "tests/parity/voxel_decoder/small_decoder.h"

namespace fmri2img::models {
namespace {

constexpr std::array kDtypes{at::kFloat, at::kHalf, at::kBFloat16};

class Placement : public ::testing::TestWithParam<at::ScalarType> {
 protected:
  /// What `nn::prepare_for_inference` does for a GPU. It goes by `set_data`, which PyTorch refuses for the meta device.
  void move(torch::nn::Module& model) const {
    for (const auto& layer : model.modules()) {
      const bool products = layer->as<nn::LinearImpl>() || layer->as<nn::Conv2dImpl>() ||
                            layer->as<nn::EmbeddingImpl>() || layer->as<nn::PatchEmbeddingImpl>();
      for (at::Tensor& parameter : layer->parameters(/*recurse=*/false))
        move(parameter, products ? GetParam() : at::kFloat);
      for (at::Tensor& buffer : layer->buffers(/*recurse=*/false)) move(buffer, buffer.scalar_type());
    }
  }

  static void move(at::Tensor& weight, at::ScalarType dtype) {
    weight.requires_grad_(false);
    const at::Tensor there = weight.detach().to(at::kMeta, dtype);
    weight.unsafeGetTensorImpl()->shallow_copy_from(there.getIntrusivePtr());
  }

  at::Tensor numbers(at::IntArrayRef shape) const {
    return at::empty(shape, at::TensorOptions().device(at::kMeta).dtype(GetParam()));
  }

  static at::Tensor ids(int64_t batch, int64_t length) {
    return at::empty({batch, length}, at::TensorOptions().device(at::kMeta).dtype(at::kLong));
  }

  const at::NoGradGuard no_grad_;
};

void expect_there(const at::Tensor& found, at::IntArrayRef shape) {
  EXPECT_TRUE(found.is_meta());
  EXPECT_EQ(found.sizes(), shape);
}

TEST_P(Placement, VoxelDecoder) {
  VoxelDecoder model = small::make(make_generator(2));
  const at::Tensor latents = model->forward(at::zeros({5, small::kVertices}));
  move(*model);
  expect_there(model->forward(numbers({5, small::kVertices})), latents.sizes());
}

TEST_P(Placement, AutoencoderKL) {
  AutoencoderKL model = read_autoencoder_kl(testing::test_data("img2img/sd1/vae")).model;
  const at::Tensor moments = model->encode(at::zeros({2, 3, 24, 40}));
  move(*model);
  expect_there(model->encode(numbers({2, 3, 24, 40})), moments.sizes());
  expect_there(model->decode(posterior_mean(model->encode(numbers({2, 3, 24, 40})))), {2, 3, 24, 40});
}

TEST_P(Placement, UNet) {
  for (const char* name : {"img2img/sd1/unet", "img2img/sd2/unet"}) {
    UNet model(read_unet_source(testing::test_data(name)).options);
    move(*model);
    const UNetOptions& options = model->options();
    const UNetImpl::Input input{
        .sample = numbers({2, options.in_channels, 12, 10}).to(at::kFloat),
        .time_steps = at::empty({1}, at::TensorOptions().device(at::kMeta)),
        .text = numbers({2, 7, options.cross_attention_dim}),
        .condition = {},
    };
    DeepFeatures features;
    expect_there(model->forward(input, &features), {2, options.out_channels, 12, 10});
    expect_there(model->forward_shallow(input, features), {2, options.out_channels, 12, 10});
  }
}

TEST_P(Placement, Clip) {
  ClipModel model = load_clip(testing::test_data("clip/clip")).model;
  move(*model);
  const int64_t side = model->options().vision.image_size, width = model->options().projection_dim;
  expect_there(model->embed_pictures(numbers({2, 3, side, side})), {2, width});
  // Without its check of the ids, which looks at them.
  ClipTextTransformer text = model->text_model;
  const at::Tensor words = text->encoder(text->embeddings(ids(2, 7)), ClipAttentionKind::kCausal, 0);
  expect_there(text->final_layer_norm(words), {2, 7, model->options().text->encoder.hidden_size});
}

TEST_P(Placement, Blip) {
  Blip model = load_blip(testing::test_data("blip/saved"));
  move(*model);
  const int64_t side = model->options.vision.image_size;
  expect_there(model->forward(numbers({2, 3, side, side}), ids(2, 5)), {2, 5, model->options.text.vocab_size});
}

TEST_P(Placement, BlipsNextWord) {
  Blip model = load_blip(testing::test_data("blip/saved"));
  move(*model);
  const int64_t side = model->options.vision.image_size, words = model->options.text.vocab_size;
  const PictureKeysValues seen = model->text_decoder->look_at(model->vision_model(numbers({2, 3, side, side})));
  KeyValueCache cache(model->options.text.num_hidden_layers);
  expect_there(model->text_decoder->next(ids(2, 3), seen, cache), {2, words});
  cache.select(ids(1, 2).squeeze(0));
  expect_there(model->text_decoder->next(ids(2, 1), seen, cache), {2, words});
}

// As `StableDiffusion::refine_latents`: what the samplers keep of earlier steps and what they draw goes along.
TEST_P(Placement, GuidedSteps) {
  UNet network(read_unet_source(testing::test_data("img2img/sd1/unet")).options);
  move(*network);
  const at::Tensor texts = numbers({2, 7, network->options().cross_attention_dim});
  const diffusion::Img2ImgOptions options{.guidance_until = 0.5, .reuse_features = 2};
  for (const char* scheduler :
       {"pndm", "ddim", "dpm++2m", "dpm++2m-karras", "euler", "euler-ancestral", "unipc", "lcm"}) {
    const auto sampler = diffusion::make_sampler(
        diffusion::open_scheduler_config(testing::test_data("img2img/sd1"), diffusion::parse_scheduler_name(scheduler)),
        {.steps = 5});
    const std::vector<at::Generator> generators = {make_generator(1), make_generator(2)};
    const at::Tensor latents = at::zeros({2, network->options().in_channels, 12, 10});
    at::Tensor sample = sampler->add_noise(latents, diffusion::draw_noise(latents, generators)).to(at::kMeta);
    diffusion::GuidedNoise noise(network, texts, texts, options, sampler->time_steps().size());
    for (size_t i = 0; i < sampler->time_steps().size(); ++i) {
      const at::Tensor output = noise(sampler->scale_model_input(sample, i), sampler->time_steps()[i], i);
      sample = sampler->step(output, i, sample, generators);
      ASSERT_TRUE(sample.is_meta()) << scheduler << ", step " << i;
    }
    expect_there(sample, latents.sizes());
  }
}

INSTANTIATE_TEST_SUITE_P(OnAnotherDevice, Placement, ::testing::ValuesIn(kDtypes), [](const auto& tested) {
  return std::string(at::toString(tested.param));
});

}  // namespace
}  // namespace fmri2img::models
