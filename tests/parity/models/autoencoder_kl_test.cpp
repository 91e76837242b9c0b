#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"

#include "fmri2img/core/random.h"
#include "fmri2img/nn/inference.h"
#include "tests/parity/models/golden_models.h"

namespace fmri2img::models {
namespace {

AutoencoderKL seeded_model() {
  AutoencoderKL model(
      AutoencoderKLOptions{.block_out_channels = {32, 32, 64}, .layers_per_block = 2, .norm_num_groups = 8});
  model->reset_parameters(make_generator(11));
  return model;
}

at::Tensor scaled(const at::Tensor& latents) {
  return latents * AutoencoderKLOptions().scaling_factor;
}

at::Tensor decoded(AutoencoderKL& model, const at::Tensor& latents) {
  return model->decode(latents).to(at::kFloat).div(2).add(0.5).clamp(0, 1);
}

// Golden: diffusers' AutoencoderKL after torch.manual_seed(11).
TEST(AutoencoderKL, ReproducesReferenceValues) {
  const io::StateDict expected = golden("autoencoder_kl_seeded.safetensors");
  const at::NoGradGuard no_grad;
  AutoencoderKL model = seeded_model();
  const at::Tensor moments = model->encode(expected.at("picture") * 2 - 1);
  EXPECT_CLOSE(scaled(posterior_mean(moments)), expected.at("mean"), 1e-4);
  EXPECT_CLOSE(scaled(sample_posterior(moments, make_generator(13))), expected.at("sample"), 1e-4);
  EXPECT_CLOSE(decoded(model, posterior_mean(moments)), expected.at("decoded"), 1e-4);
}

// The kernels of inference are others than those of training.
TEST(AutoencoderKL, ReproducesReferenceValuesInInference) {
  const io::StateDict expected = golden("autoencoder_kl_seeded.safetensors");
  const at::NoGradGuard no_grad;
  AutoencoderKL model = seeded_model();
  nn::prepare_for_inference(*model, at::kFloat);
  const at::Tensor moments = model->encode(expected.at("picture") * 2 - 1);
  EXPECT_CLOSE(scaled(posterior_mean(moments)), expected.at("mean"), 1e-4);
  EXPECT_CLOSE(decoded(model, posterior_mean(moments)), expected.at("decoded"), 1e-4);
}

// bfloat16 has 8 bits of mantissa: 0.4 % a rounding, and some twenty layers to each output; 4 % was measured.
TEST(AutoencoderKL, StaysNearTheReferenceInBfloat16) {
  const io::StateDict expected = golden("autoencoder_kl_seeded.safetensors");
  const at::NoGradGuard no_grad;
  AutoencoderKL model = seeded_model();
  nn::prepare_for_inference(*model, at::kBFloat16);
  const at::Tensor moments = model->encode((expected.at("picture") * 2 - 1).to(at::kBFloat16));
  EXPECT_EQ(moments.scalar_type(), at::kBFloat16);
  EXPECT_CLOSE(scaled(posterior_mean(moments)), expected.at("mean"), 0.06);
  EXPECT_CLOSE(decoded(model, expected.at("mean").div(AutoencoderKLOptions().scaling_factor).to(at::kBFloat16)),
               expected.at("decoded"),
               0.06);
}

TEST(AutoencoderKL, HalvesReproduceReferenceValuesAndGradients) {
  const io::StateDict expected = golden("autoencoder_halves.safetensors");
  Decoder decoder(
      HalfOptions{.in_channels = 8, .out_channels = 4, .block_out_channels = {32, 64, 96}, .layers_per_block = 1});
  decoder->reset_parameters(make_generator(7));
  Encoder encoder(HalfOptions{.in_channels = 3,
                              .out_channels = 4,
                              .block_out_channels = {32, 64},
                              .layers_per_block = 1,
                              .norm_num_groups = 16});
  encoder->reset_parameters(make_generator(8));
  EXPECT_CLOSE(encoder->forward(expected.at("encoder_input")), expected.at("encoder_output"), 1e-4);
  at::Tensor input = expected.at("decoder_input").clone().requires_grad_(true);
  const at::Tensor output = decoder->forward(input);
  EXPECT_CLOSE(output, expected.at("decoder_output"), 1e-4);
  output.abs().mean().backward();
  EXPECT_CLOSE(input.grad(), expected.at("decoder_input_gradient"), 1e-4);
  std::vector<at::Tensor> norms;
  for (const at::Tensor& parameter : decoder->parameters()) norms.push_back(parameter.grad().norm());
  EXPECT_CLOSE(at::stack(norms), expected.at("decoder_gradients"), 1e-4);
}

}  // namespace
}  // namespace fmri2img::models
