#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/models/vision/lpips.h"
#include "tests/parity/vision/made_weights.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {
namespace {

// Golden: lpips 0.1.4 on PyTorch 2.13.0, tools/parity/vision.py.
constexpr double kDistanceTolerance = 1e-4;

TEST(Lpips, ReproducesReferenceDistances) {
  const Json golden = read_json(testing::test_data("vision/golden.json"))["lpips"];
  for (const LpipsNet net : {LpipsNet::kAlex, LpipsNet::kSqueeze, LpipsNet::kVgg}) {
    NamedWeights nothing({}, "", ""), no_heads({}, "", "");
    const Lpips shape_only(net, nothing, no_heads);
    NamedWeights backbone(testing::made_weights(nothing), "made weights", "");
    NamedWeights heads(testing::made_weights(no_heads), "made heads", "");
    const Lpips lpips(net, backbone, heads);
    backbone.finish();
    heads.finish();
    const Json& expected = golden[lpips_name(net)];
    const at::Tensor pictures = testing::made_pictures(3, expected["side"].get<int64_t>()) * 2 - 1;
    const at::Tensor distances =
        lpips.distances(lpips.features(pictures.narrow(0, 0, 1)), lpips.features(pictures.narrow(0, 1, 2)));
    for (int64_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(
          distances[i].item<double>(), expected["distances"][static_cast<size_t>(i)].get<double>(), kDistanceTolerance)
          << lpips_name(net);
    }
  }
}

/// The real ImageNet tensors, one .npy each.
io::StateDict real_tensors(const std::filesystem::path& folder) {
  io::StateDict tensors;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    tensors.emplace(entry.path().stem().string(), io::read_npy(entry.path()));
  }
  return tensors;
}

at::Tensor example(const char* name) {
  const at::Tensor picture = io::read_image(testing::reference_data(std::string("lpips/") + name));
  return picture.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat) / 127.5 - 1;
}

/// Distances of ex_p0.png and ex_p1.png from ex_ref.png.
at::Tensor known_distances(LpipsNet net) {
  const std::string name = lpips_name(net);
  NamedWeights backbone(
      real_tensors(testing::reference_data("lpips/" + name)), name, network_name(lpips_backbone(net)));
  NamedWeights heads = NamedWeights::open(testing::reference_data("lpips/lpips_v0.1_" + name + ".pth"), "LPIPS");
  const Lpips lpips(net, backbone, heads);
  backbone.finish();
  heads.finish();
  const at::Tensor others = at::cat({example("ex_p0.png"), example("ex_p1.png")});
  return lpips.distances(lpips.features(example("ex_ref.png")), lpips.features(others));
}

TEST(Lpips, GivesTheKnownDistancesWithRealWeights) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("lpips/alex");
  const at::Tensor alex = known_distances(LpipsNet::kAlex);
  EXPECT_NEAR(alex[0].item<double>(), .721881, 1e-5);
  EXPECT_NEAR(alex[1].item<double>(), .137566, 1e-5);
  EXPECT_NEAR(known_distances(LpipsNet::kSqueeze)[0].item<double>(), .711048, 1e-5);
}

TEST(Lpips, RefusesHeadsOfAnotherNetwork) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("lpips/alex");
  const auto heads = testing::reference_data("lpips/lpips_v0.1_squeeze.pth");
  EXPECT_ERROR(
      Lpips::open(LpipsNet::kVgg, heads, heads), "lpips_v0.1_squeeze.pth", "torchvision's VGG-16", "is missing");
  NamedWeights nothing({}, "", "");
  NamedWeights wrong = NamedWeights::open(heads, "LPIPS 0.1's heads for \"alex\"");
  const Lpips lpips(LpipsNet::kAlex, nothing, wrong);
  EXPECT_ERROR(wrong.finish(), "lpips_v0.1_squeeze.pth", "heads for \"alex\"", "\"lin1.model.1.weight\" is 1 x 128");
}

}  // namespace
}  // namespace fmri2img::models
