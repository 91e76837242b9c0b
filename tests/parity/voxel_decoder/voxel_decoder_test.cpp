#include "fmri2img/models/voxel_decoder/voxel_decoder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/state_dict.h"
#include "fmri2img/training/adamw.h"
#include "tests/parity/voxel_decoder/small_decoder.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {
namespace {

io::StateDict golden(const std::string& name) {
  return io::read_safetensors(testing::test_data("voxel_decoder") / name);
}

/// Compares sum, first and last value of every tensor with `expected`, whose names start with `prefix`.
void expect_same_draws(const VoxelDecoder& model, const io::StateDict& expected, const std::string& prefix) {
  size_t compared = 0;
  for (const auto& [name, tensor] : nn::state_dict(*model)) {
    ASSERT_TRUE(expected.contains(prefix + name)) << name;
    const at::Tensor row = expected.at(prefix + name);
    EXPECT_NEAR(
        tensor.to(at::kDouble).sum().item<double>(), row[0].item<double>(), 1e-9 * static_cast<double>(tensor.numel()))
        << name;
    EXPECT_EQ(tensor.flatten()[0].item<double>(), row[1].item<double>()) << name;
    EXPECT_EQ(tensor.flatten()[-1].item<double>(), row[2].item<double>()) << name;
    ++compared;
  }
  size_t in_file = 0;
  for (const auto& [name, row] : expected) in_file += name.starts_with(prefix) ? 1 : 0;
  EXPECT_EQ(compared, in_file);
}

// Golden: tools/parity/voxel_decoder.py.
TEST(VoxelDecoder, HasTheOriginalsTensorsAndInitialWeightsAtFullWidth) {
  constexpr int64_t kVertices = 39548;
  VoxelDecoder model(VoxelDecoderOptions{.num_inputs = kVertices});
  int64_t parameters = 0;
  for (const at::Tensor& parameter : model->parameters()) parameters += parameter.numel();
  EXPECT_EQ(parameters, 138188228);
  EXPECT_EQ(nn::state_dict(*model).size(), 106U);
  model->reset_parameters(make_generator(3), small::all_columns(kVertices), kVertices);
  expect_same_draws(model, golden("full_width_init.safetensors"), "");
}

TEST(VoxelDecoder, ReproducesReferenceValues) {
  const io::StateDict expected = golden("small.safetensors");
  VoxelDecoder model = small::make(make_generator(42));
  expect_same_draws(model, expected, "init.");
  const at::NoGradGuard no_grad;
  const at::Tensor out = model->forward(expected.at("responses").narrow(0, 0, 3));
  EXPECT_EQ(out.sizes(), expected.at("forward").sizes());
  EXPECT_LT((out - expected.at("forward")).abs().max().item<double>(),
            1e-4 * expected.at("forward").abs().max().item<double>());
}

TEST(VoxelDecoder, KeepsPyTorchsOrderOfParameters) {
  VoxelDecoder model = small::make(make_generator(1));
  const auto names = model->named_parameters().keys();
  const std::vector<std::string> first(names.begin(), names.begin() + 4);
  EXPECT_EQ(first, (std::vector<std::string>{"lin0.0.weight", "lin0.1.weight", "lin0.1.bias", "mlp.0.0.weight"}));
  const auto place = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  EXPECT_LT(place("upsampler.conv_in.weight"), place("upsampler.up_blocks.0.resnets.0.norm1.weight"));
  EXPECT_LT(place("upsampler.up_blocks.1.resnets.1.conv2.bias"),
            place("upsampler.mid_block.attentions.0.group_norm.weight"));
  EXPECT_LT(place("upsampler.mid_block.attentions.0.to_out.0.bias"),
            place("upsampler.mid_block.resnets.0.norm1.weight"));
}

// Analytic: a masked input is zero, so its weights neither act nor learn; only weight decay moves them.
TEST(VoxelDecoder, GathersColumnsInsteadOfZeroingThem) {
  const std::vector<int64_t> columns = {1, 2, 5, 17, 30, 39};
  const at::Tensor index = at::tensor(columns, at::kLong);
  const at::Tensor responses = golden("small.safetensors").at("responses").narrow(0, 0, 6).to(at::kDouble);
  const at::Tensor masked = at::zeros_like(responses).index_copy(1, index, responses.index_select(1, index));
  const at::Tensor gathered = responses.index_select(1, index);
  VoxelDecoder wide = small::make(make_generator(42));
  VoxelDecoder narrow(small::options(6));
  narrow->reset_parameters(make_generator(42), columns, small::kVertices);
  EXPECT_TRUE(at::equal(narrow->lin0->linear->weight, wide->lin0->linear->weight.index_select(1, index)));

  // In double precision: Adam's steps are near the sign of the gradient, which magnifies rounding where that is zero.
  wide->to(at::kDouble);
  narrow->to(at::kDouble);
  training::AdamW wide_optimiser(training::parameters_of(*wide)), narrow_optimiser(training::parameters_of(*narrow));
  const auto close = [](const at::Tensor& a, const at::Tensor& b) { return at::allclose(a, b, 1e-7, 1e-9); };
  for (int step = 0; step < 3; ++step) {
    const at::Tensor a = wide->forward(masked), b = narrow->forward(gathered);
    EXPECT_TRUE(close(a, b)) << "forward, step " << step;
    a.abs().mean().backward();
    b.abs().mean().backward();
    const at::Tensor gradient = wide->lin0->linear->weight.grad();
    EXPECT_TRUE(close(gradient.index_select(1, index), narrow->lin0->linear->weight.grad()))
        << "gradient, step " << step;
    EXPECT_EQ(gradient.select(1, 0).abs().max().item<double>(), 0.0) << "gradient of a masked vertex";
    EXPECT_TRUE(close(wide->lin1->weight.grad(), narrow->lin1->weight.grad())) << "gradient of lin1, step " << step;
    wide_optimiser.step(1e-4, 0.95);
    narrow_optimiser.step(1e-4, 0.95);
    EXPECT_TRUE(close(wide->lin0->linear->weight.index_select(1, index), narrow->lin0->linear->weight))
        << "step " << step;
  }
}

TEST(VoxelDecoder, CutsTheUpsamplersOutputToLatentsOfAnySize) {
  VoxelDecoder model(
      VoxelDecoderOptions{.num_inputs = 5, .width = 8, .blocks = 0, .channels = {32, 32, 32}, .latent = {1, 10, 13}});
  model->reset_parameters(make_generator(1), small::all_columns(5), 5);
  EXPECT_EQ(model->options().start_height(), 3);
  EXPECT_EQ(model->forward(at::zeros({2, 5})).sizes(), (std::vector<int64_t>{2, 1, 10, 13}));
}

TEST(VoxelDecoder, KeepsItsOptionsInJson) {
  const VoxelDecoderOptions options = small::options();
  EXPECT_EQ(VoxelDecoderOptions::from_json(options.to_json(), "x").to_json(), options.to_json());
  Json json = options.to_json();
  json["channels"] = {64, 100};
  EXPECT_ERROR(VoxelDecoderOptions::from_json(json, "\"d/config.json\""),
               "--channels holds 100",
               "multiple of 32",
               "d/config.json");
  EXPECT_ERROR(VoxelDecoder(VoxelDecoderOptions{.num_inputs = 0}), "at least one vertex");
}

}  // namespace
}  // namespace fmri2img::models
