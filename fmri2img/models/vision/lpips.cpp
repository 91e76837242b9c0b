#include "fmri2img/models/vision/lpips.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "fmri2img/core/check.h"

namespace fmri2img::models {
namespace {

constexpr double kShift[] = {-.030, -.088, -.188};  // ImageNet's means and deviations, for values in [-1, 1]
constexpr double kScale[] = {.458, .448, .450};
constexpr double kLengthEps = 1e-10;

at::Tensor colour_vector(const double (&values)[3]) {
  at::Tensor colours = at::empty({1, 3, 1, 1});
  for (int64_t i = 0; i < 3; ++i) colours.select(1, i).fill_(values[i]);
  return colours;
}

std::vector<int64_t> lpips_channels(LpipsNet net) {
  switch (net) {
    case LpipsNet::kAlex:
      return {64, 192, 384, 256, 256};
    case LpipsNet::kSqueeze:
      return {64, 128, 256, 384, 384, 512, 512};
    case LpipsNet::kVgg:
      return {64, 128, 256, 512, 512};
  }
  fail(ErrorKind::kFailed, "internal error: unknown network of LPIPS");
}

}  // namespace

std::string lpips_name(LpipsNet net) {
  return net == LpipsNet::kAlex ? "alex" : net == LpipsNet::kSqueeze ? "squeeze" : "vgg";
}

VisionNetwork lpips_backbone(LpipsNet net) {
  return net == LpipsNet::kAlex      ? VisionNetwork::kAlexNet
         : net == LpipsNet::kSqueeze ? VisionNetwork::kSqueezeNet
                                     : VisionNetwork::kVgg16;
}

Lpips::Lpips(LpipsNet net, NamedWeights& backbone, NamedWeights& heads)
    : network_(make_feature_network(lpips_backbone(net), backbone)) {
  for (const int64_t channels : lpips_channels(net)) {
    const std::string name = fmt::format("lin{}.model.1.weight", heads_.size());
    heads_.push_back(heads.take(name, {1, channels, 1, 1}).view({channels}));
  }
  heads.ignore("lins.");           // the same tensors again, where a whole LPIPS was saved
  heads.ignore("scaling_layer.");  // constants
}

std::unique_ptr<Lpips> Lpips::open(LpipsNet net,
                                   const std::filesystem::path& backbone,
                                   const std::filesystem::path& heads) {
  NamedWeights network = NamedWeights::open(backbone, network_name(lpips_backbone(net)));
  NamedWeights linear = NamedWeights::open(heads, fmt::format("LPIPS 0.1's heads for \"{}\"", lpips_name(net)));
  auto lpips = std::make_unique<Lpips>(net, network, linear);
  network.finish();
  linear.finish();
  return lpips;
}

std::vector<at::Tensor> Lpips::features(const at::Tensor& pictures) const {
  static const at::Tensor kShifts = colour_vector(kShift), kScales = colour_vector(kScale);
  std::vector<at::Tensor> maps = network_->features((pictures - kShifts) / kScales);
  for (at::Tensor& map : maps) map = map / (map.square().sum(1, /*keepdim=*/true).sqrt_() + kLengthEps);
  return maps;
}

at::Tensor Lpips::distances(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) const {
  at::Tensor sum;
  for (size_t i = 0; i < heads_.size(); ++i) {
    const at::Tensor differences = (a[i] - b[i]).square_().mean({2, 3});  // [N, C]
    const at::Tensor distance = at::mv(differences, heads_[i]);
    sum = sum.defined() ? sum + distance : distance;
  }
  return sum;
}

}  // namespace fmri2img::models
