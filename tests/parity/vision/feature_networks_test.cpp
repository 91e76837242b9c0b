#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/models/vision/feature_network.h"
#include "tests/parity/vision/made_weights.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

// Golden: torchvision 0.28.0 on PyTorch 2.13.0, tools/parity/vision.py; relative to the largest value.
constexpr double kTolerance = 1e-4;

at::Tensor normalised(const at::Tensor& pictures) {
  const at::Tensor mean = torch::tensor({.485, .456, .406}).view({1, 3, 1, 1});
  const at::Tensor deviation = torch::tensor({.229, .224, .225}).view({1, 3, 1, 1});
  return ((pictures - mean) / deviation).to(at::kFloat);
}

io::StateDict made_state_dict(VisionNetwork network) {
  NamedWeights nothing({}, "nothing", network_name(network));
  make_feature_network(network, nothing);
  return testing::made_weights(nothing);
}

void expect_golden(const std::string& name, VisionNetwork network, size_t map) {
  const Json golden = read_json(testing::test_data("vision/golden.json"))["networks"][name];
  NamedWeights weights(made_state_dict(network), "made weights", network_name(network));
  const auto made = make_feature_network(network, weights);
  weights.finish();
  const at::Tensor pictures = normalised(testing::made_pictures(2, golden["side"].get<int64_t>()));
  const at::Tensor features = made->features(pictures)[map].contiguous();
  ASSERT_EQ(features.sizes().vec(), golden["shape"].get<std::vector<int64_t>>());
  const double tolerance = kTolerance * golden["largest"].get<double>();
  EXPECT_NEAR(features.to(at::kDouble).mean().item<double>(), golden["mean"].get<double>(), tolerance);
  const auto step = golden["step"].get<int64_t>();
  const auto values = golden["values"].get<std::vector<double>>();
  const auto* first = features.const_data_ptr<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(first[static_cast<int64_t>(i) * step], values[i], tolerance) << name << " " << i;
  }
}

TEST(AlexNet, ReproducesReferenceValuesOfBothLayers) {
  expect_golden("alexnet2", VisionNetwork::kAlexNet, 1);
  expect_golden("alexnet5", VisionNetwork::kAlexNet, 4);
}

/// The 256 x 256 crops at the top left of the reference data's photographs: float [N, 3, 256, 256] in [0, 1].
at::Tensor real_crops(const Json& golden) {
  const auto side = golden["side"].get<int64_t>();
  std::vector<at::Tensor> crops;
  for (const Json& name : golden["pictures"]) {
    const at::Tensor picture = io::read_image(testing::reference_data(name.get<std::string>()));
    crops.push_back(picture.narrow(0, 0, side).narrow(1, 0, side).permute({2, 0, 1}).to(at::kFloat) / 255);
  }
  return at::stack(crops);
}

/// Pictures of half the resolution, each pixel four times.
at::Tensor halves(const at::Tensor& pictures) {
  return at::avg_pool2d(pictures, 2).repeat_interleave(2, 2).repeat_interleave(2, 3);
}

/// Golden: torchvision 0.28.0 with ImageNet's weights, tools/parity/real_alexnet.py.
void expect_real(const Json& golden, const at::Tensor& features, const at::Tensor& blurred, const std::string& layer) {
  ASSERT_EQ(features.sizes().vec(), golden["shape"].get<std::vector<int64_t>>());
  const at::Tensor flat = features.flatten().to(at::kDouble);
  const double tolerance = kTolerance * golden["largest"].get<double>();
  EXPECT_NEAR(flat.mean().item<double>(), golden["mean"].get<double>(), tolerance) << layer;
  const auto expect_at = [&](int64_t place, const Json& value) {
    EXPECT_NEAR(flat[place].item<double>(), value.get<double>(), tolerance) << layer << " " << place;
  };
  for (size_t i = 0; i < golden["values"].size(); ++i)
    expect_at(static_cast<int64_t>(i) * golden["step"].get<int64_t>(), golden["values"][i]);
  for (size_t i = 0; i < golden["places"].size(); ++i)
    expect_at(golden["places"][i].get<int64_t>(), golden["largest_values"][i]);
  const at::Tensor pairs = at::stack({features.flatten(1), blurred.flatten(1)}, 1).to(at::kDouble);
  for (int64_t i = 0; i < pairs.size(0); ++i) {
    const auto expected = golden["correlations"][static_cast<size_t>(i)].get<double>();
    EXPECT_NEAR(at::corrcoef(pairs[i])[0][1].item<double>(), expected, kTolerance) << layer << ", picture " << i;
  }
}

TEST(AlexNet, ReproducesReferenceValuesWithRealWeights) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("lpips/alex");
  const Json golden = read_json(testing::test_data("vision/real_alexnet.json"));
  io::StateDict tensors;
  for (const auto& entry : std::filesystem::directory_iterator(testing::reference_data("lpips/alex")))
    tensors.emplace(entry.path().stem().string(), io::read_npy(entry.path()));
  NamedWeights weights(std::move(tensors), "lpips/alex", network_name(VisionNetwork::kAlexNet));
  const auto network = make_feature_network(VisionNetwork::kAlexNet, weights);
  weights.finish();
  const at::Tensor crops = real_crops(golden);
  const auto features = network->features(normalised(crops)), blurred = network->features(normalised(halves(crops)));
  expect_real(golden["layers"]["alexnet2"], features[1], blurred[1], "features.4");
  expect_real(golden["layers"]["alexnet5"], features[4], blurred[4], "features.11");
}

TEST(InceptionV3, ReproducesReferenceValues) {
  expect_golden("inception", VisionNetwork::kInceptionV3, 0);
}

TEST(EfficientNetB1, ReproducesReferenceValues) {
  expect_golden("efficientnet", VisionNetwork::kEfficientNetB1, 0);
}

TEST(ResNet50, ReproducesReferenceValues) {
  expect_golden("swav", VisionNetwork::kResNet50, 0);
}

TEST(OpenFeatureNetwork, ReadsSwavsFileWithItsPrefixesAndHeads) {
  io::StateDict file;
  for (const auto& [name, tensor] : made_state_dict(VisionNetwork::kResNet50)) file.emplace("module." + name, tensor);
  file.emplace("module.bn1.num_batches_tracked", at::zeros({}, at::kLong));
  file.emplace("module.projection_head.0.weight", at::zeros({8, 2048}));
  file.emplace("module.prototypes.weight", at::zeros({30, 8}));
  const testing::TemporaryFolder folder;
  io::write_safetensors(folder / "swav.safetensors", file);
  const auto network = open_feature_network(VisionNetwork::kResNet50, folder / "swav.safetensors");
  EXPECT_EQ(network->features(at::zeros({1, 3, 64, 64}))[0].sizes(), (std::vector<int64_t>{1, 2048}));
}

TEST(OpenFeatureNetwork, RefusesTheFileOfAnotherNetwork) {
  const testing::TemporaryFolder folder;
  io::StateDict alexnet = made_state_dict(VisionNetwork::kAlexNet);
  io::write_safetensors(folder / "alexnet.safetensors", alexnet);
  EXPECT_ERROR(open_feature_network(VisionNetwork::kVgg16, folder / "alexnet.safetensors"),
               "alexnet.safetensors",
               "torchvision's VGG-16",
               "\"features.0.weight\" is 64 x 3 x 11 x 11, expected 64 x 3 x 3 x 3",
               "more differences");
  EXPECT_ERROR(open_feature_network(VisionNetwork::kResNet50, folder / "alexnet.safetensors"),
               "SwAV's ResNet-50",
               "\"conv1.weight\" (64 x 3 x 7 x 7) is missing");
  alexnet.emplace("features.12.weight", at::zeros({1}));
  io::write_safetensors(folder / "more.safetensors", alexnet);
  EXPECT_ERROR(open_feature_network(VisionNetwork::kAlexNet, folder / "more.safetensors"),
               "more.safetensors",
               "tensor \"features.12.weight\" (1) is unexpected");
  alexnet.erase("features.12.weight");
  alexnet["features.0.bias"] = at::full({64}, std::nan(""));
  io::write_safetensors(folder / "nan.safetensors", alexnet);
  EXPECT_ERROR(open_feature_network(VisionNetwork::kAlexNet, folder / "nan.safetensors"),
               "\"features.0.bias\" does not hold finite numbers");
}

}  // namespace
}  // namespace fmri2img::models
