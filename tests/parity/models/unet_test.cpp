#include "fmri2img/models/unet/unet.h"

#include "fmri2img/core/random.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/state_dict.h"
#include "tests/parity/models/golden_models.h"
#include "tests/support/errors.h"

namespace fmri2img::models {
namespace {

UNetOptions sd1_options() {
  return {.block_out_channels = {32, 64, 64},
          .cross_attention = {true, true, false},
          .heads = {4, 4, 4},
          .transformer_layers = {1, 1, 1},
          .cross_attention_dim = 24,
          .norm_num_groups = 16};
}

UNetOptions sd2_options() {
  return {.block_out_channels = {32, 64},
          .cross_attention = {true, true},
          .layers_per_block = 1,
          .heads = {2, 4},
          .transformer_layers = {1, 2},
          .cross_attention_dim = 40,
          .use_linear_projection = true,
          .norm_num_groups = 8};
}

UNetOptions lcm_options() {
  return {.in_channels = 3,
          .out_channels = 5,
          .block_out_channels = {24, 40},
          .cross_attention = {false, true},
          .layers_per_block = 1,
          .heads = {8, 8},
          .transformer_layers = {1, 1},
          .cross_attention_dim = 16,
          .norm_num_groups = 8,
          .flip_sin_to_cos = false,
          .freq_shift = 1,
          .time_cond_proj_dim = 10};
}

struct UNetCase {
  const char* file;
  UNetOptions options;
  uint64_t seed;
};

std::vector<UNetCase> unet_cases() {
  return {{"sd1", sd1_options(), 31}, {"sd2", sd2_options(), 32}, {"lcm", lcm_options(), 33}};
}

UNet seeded_unet(const UNetCase& one) {
  UNet model(one.options);
  model->reset_parameters(make_generator(one.seed));
  return model;
}

io::StateDict unet_golden(const UNetCase& one) {
  return io::read_state_dict(testing::test_data("unet") / (std::string(one.file) + ".safetensors"));
}

UNetImpl::Input input_of(const io::StateDict& golden_file) {
  const auto condition = golden_file.find("condition");
  return {.sample = golden_file.at("sample"),
          .time_steps = golden_file.at("steps"),
          .text = golden_file.at("text"),
          .condition = condition == golden_file.end() ? at::Tensor() : condition->second};
}

// Golden: diffusers' UNet2DConditionModel after torch.manual_seed.
TEST(UNet, ReproducesReferenceValuesAndGradients) {
  for (const UNetCase& one : unet_cases()) {
    SCOPED_TRACE(one.file);
    const io::StateDict expected = unet_golden(one);
    UNet model = seeded_unet(one);
    const at::Tensor output = model->forward(input_of(expected));
    EXPECT_CLOSE(output, expected.at("output"), 1e-4);
    output.abs().mean().backward();
    std::map<std::string, at::Tensor> norms;
    for (const auto& item : model->named_parameters()) norms[item.key()] = item.value().grad().norm();
    std::vector<at::Tensor> in_order;
    for (const auto& [name, norm] : norms) in_order.push_back(norm);
    EXPECT_CLOSE(at::stack(in_order), expected.at("gradient_norms"), 1e-4);
  }
}

// The kernels of inference are others than those of training.
TEST(UNet, ReproducesReferenceValuesInInference) {
  const at::NoGradGuard no_grad;
  for (const UNetCase& one : unet_cases()) {
    SCOPED_TRACE(one.file);
    const io::StateDict expected = unet_golden(one);
    UNet model = seeded_unet(one);
    nn::prepare_for_inference(*model, at::kFloat);
    EXPECT_CLOSE(model->forward(input_of(expected)), expected.at("output"), 1e-4);
  }
}

// bfloat16 has 8 bits of mantissa: 0.4 % a rounding, some forty layers to each output.
TEST(UNet, StaysNearTheReferenceInBfloat16) {
  const at::NoGradGuard no_grad;
  for (const bool mix : {false, true}) {
    for (const UNetCase& one : unet_cases()) {
      SCOPED_TRACE(fmt::format("{}, mix {}", one.file, mix));
      const io::StateDict expected = unet_golden(one);
      UNet model = seeded_unet(one);
      nn::prepare_for_inference(*model, {.dtype = at::kBFloat16, .fastest_mix = mix});
      const at::Tensor output = model->forward(input_of(expected));
      EXPECT_EQ(output.scalar_type(), at::kFloat);
      EXPECT_CLOSE(output, expected.at("output"), 0.03);
    }
  }
}

// A batch changes nothing but rounding, and a smaller one after a larger finds its weights again.
TEST(UNet, GivesASampleTheSameWhateverItsNeighbours) {
  const at::NoGradGuard no_grad;
  const UNetCase one = unet_cases()[0];
  const io::StateDict expected = unet_golden(one);
  UNet model = seeded_unet(one);
  nn::prepare_for_inference(*model, at::kFloat);
  const at::Tensor both = model->forward(input_of(expected));
  UNetImpl::Input alone = input_of(expected);
  alone.sample = alone.sample.narrow(0, 1, 1);
  alone.text = alone.text.narrow(0, 1, 1);
  EXPECT_CLOSE(model->forward(alone), both.narrow(0, 1, 1), 1e-5);
}

// With the features of the same evaluation the shallow one leaves nothing out.
TEST(UNet, ShallowEvaluationOnFreshFeaturesIsExact) {
  const at::NoGradGuard no_grad;
  const UNetCase one = unet_cases()[0];
  const io::StateDict expected = unet_golden(one);
  UNet model = seeded_unet(one);
  nn::prepare_for_inference(*model, at::kFloat);
  DeepFeatures features;
  const at::Tensor full = model->forward(input_of(expected), &features);
  EXPECT_TRUE(at::equal(model->forward_shallow(input_of(expected), features), full));
}

}  // namespace
}  // namespace fmri2img::models
