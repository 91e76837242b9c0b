#include "fmri2img/models/vision/inception.h"

#include <ATen/ATen.h>

namespace fmri2img::models {
namespace {

constexpr double kInceptionEps = 1e-3;  // of its batch normalisations

using Sides = std::array<int64_t, 2>;

/// The padding that keeps a map's size.
Sides half(const Sides& kernel) {
  return {kernel[0] / 2, kernel[1] / 2};
}

FrozenConv take_basic_conv(NamedWeights& weights, const std::string& name, const FrozenConvOptions& options) {
  return FrozenConv::with_norm(weights, name + ".conv", name + ".bn", options, kInceptionEps);
}

/// From ImageNet's normalisation to [-1, 1].
at::Tensor to_symmetric_range(const at::Tensor& pictures) {
  constexpr std::array<double, 3> kMean = {.485, .456, .406}, kDeviation = {.229, .224, .225};
  std::vector<at::Tensor> colours;
  for (size_t i = 0; i < kMean.size(); ++i) {
    const at::Tensor colour = pictures.narrow(1, static_cast<int64_t>(i), 1);
    colours.push_back(colour * (kDeviation[i] / 0.5) + (kMean[i] - 0.5) / 0.5);
  }
  return at::cat(colours, 1).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

class InceptionV3::BlockReader {
 public:
  BlockReader(NamedWeights& weights, std::string name, int64_t in)
      : weights_(weights), name_(std::move(name)), in_(in) {}

  /// One convolution that keeps the map's size.
  FrozenConv conv(const std::string& name, int64_t in, int64_t out, const Sides& kernel) const {
    return take_basic_conv(weights_,
                           name_ + "." + name,
                           {.in_channels = in, .out_channels = out, .kernel = kernel, .padding = half(kernel)});
  }

  /// One of 3 x 3 that halves it.
  FrozenConv halving(const std::string& name, int64_t in, int64_t out) const {
    return take_basic_conv(
        weights_, name_ + "." + name, {.in_channels = in, .out_channels = out, .kernel = {3, 3}, .stride = 2});
  }

  Block a(int64_t pool_features) const {
    return {{Branch{{conv("branch1x1", in_, 64, {1, 1})}, {}},
             Branch{{conv("branch5x5_1", in_, 48, {1, 1}), conv("branch5x5_2", 48, 64, {5, 5})}, {}},
             Branch{{conv("branch3x3dbl_1", in_, 64, {1, 1}),
                     conv("branch3x3dbl_2", 64, 96, {3, 3}),
                     conv("branch3x3dbl_3", 96, 96, {3, 3})},
                    {}}},
            conv("branch_pool", in_, pool_features, {1, 1})};
  }

  Block b() const {
    return {{Branch{{halving("branch3x3", in_, 384)}, {}},
             Branch{{conv("branch3x3dbl_1", in_, 64, {1, 1}),
                     conv("branch3x3dbl_2", 64, 96, {3, 3}),
                     halving("branch3x3dbl_3", 96, 96)},
                    {}}},
            std::nullopt};
  }

  Block c(int64_t width) const {
    return {{Branch{{conv("branch1x1", in_, 192, {1, 1})}, {}},
             Branch{{conv("branch7x7_1", in_, width, {1, 1}),
                     conv("branch7x7_2", width, width, {1, 7}),
                     conv("branch7x7_3", width, 192, {7, 1})},
                    {}},
             Branch{{conv("branch7x7dbl_1", in_, width, {1, 1}),
                     conv("branch7x7dbl_2", width, width, {7, 1}),
                     conv("branch7x7dbl_3", width, width, {1, 7}),
                     conv("branch7x7dbl_4", width, width, {7, 1}),
                     conv("branch7x7dbl_5", width, 192, {1, 7})},
                    {}}},
            conv("branch_pool", in_, 192, {1, 1})};
  }

  Block d() const {
    return {{Branch{{conv("branch3x3_1", in_, 192, {1, 1}), halving("branch3x3_2", 192, 320)}, {}},
             Branch{{conv("branch7x7x3_1", in_, 192, {1, 1}),
                     conv("branch7x7x3_2", 192, 192, {1, 7}),
                     conv("branch7x7x3_3", 192, 192, {7, 1}),
                     halving("branch7x7x3_4", 192, 192)},
                    {}}},
            std::nullopt};
  }

  Block e() const {
    return {{Branch{{conv("branch1x1", in_, 320, {1, 1})}, {}},
             Branch{{conv("branch3x3_1", in_, 384, {1, 1})},
                    {conv("branch3x3_2a", 384, 384, {1, 3}), conv("branch3x3_2b", 384, 384, {3, 1})}},
             Branch{{conv("branch3x3dbl_1", in_, 448, {1, 1}), conv("branch3x3dbl_2", 448, 384, {3, 3})},
                    {conv("branch3x3dbl_3a", 384, 384, {1, 3}), conv("branch3x3dbl_3b", 384, 384, {3, 1})}}},
            conv("branch_pool", in_, 192, {1, 1})};
  }

 private:
  NamedWeights& weights_;
  std::string name_;
  int64_t in_;
};

at::Tensor InceptionV3::Branch::operator()(const at::Tensor& input) const {
  at::Tensor map = input;
  for (const FrozenConv& conv : chain) map = conv.rectified(map);
  if (fork.empty()) return map;
  std::vector<at::Tensor> maps;
  for (const FrozenConv& conv : fork) maps.push_back(conv.rectified(map));
  return at::cat(maps, 1);
}

at::Tensor InceptionV3::Block::operator()(const at::Tensor& input) const {
  std::vector<at::Tensor> maps;
  for (const Branch& branch : branches) maps.push_back(branch(input));
  maps.push_back(pooled ? pooled->rectified(at::avg_pool2d(input, {3, 3}, {1, 1}, {1, 1})) : pool_by_two(input, 3));
  return at::cat(maps, 1);
}

InceptionV3::InceptionV3(NamedWeights& weights) {
  const auto stem = [&](const char* name, const FrozenConvOptions& options) {
    stem_.push_back(take_basic_conv(weights, name, options));
  };
  stem("Conv2d_1a_3x3", {.in_channels = 3, .out_channels = 32, .kernel = {3, 3}, .stride = 2});
  stem("Conv2d_2a_3x3", {.in_channels = 32, .out_channels = 32, .kernel = {3, 3}});
  stem("Conv2d_2b_3x3", {.in_channels = 32, .out_channels = 64, .kernel = {3, 3}, .padding = {1, 1}});
  stem("Conv2d_3b_1x1", {.in_channels = 64, .out_channels = 80});
  stem("Conv2d_4a_3x3", {.in_channels = 80, .out_channels = 192, .kernel = {3, 3}});
  const auto block = [&](const char* name, int64_t in) { return BlockReader(weights, name, in); };
  blocks_ = {block("Mixed_5b", 192).a(32),
             block("Mixed_5c", 256).a(64),
             block("Mixed_5d", 288).a(64),
             block("Mixed_6a", 288).b(),
             block("Mixed_6b", 768).c(128),
             block("Mixed_6c", 768).c(160),
             block("Mixed_6d", 768).c(160),
             block("Mixed_6e", 768).c(192),
             block("Mixed_7a", 768).d(),
             block("Mixed_7b", 1280).e(),
             block("Mixed_7c", 2048).e()};
  weights.ignore("AuxLogits.");
  weights.ignore("fc.");
}

std::vector<at::Tensor> InceptionV3::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  at::Tensor map = to_symmetric_range(pictures);
  for (size_t i = 0; i < stem_.size(); ++i) {
    map = stem_[i].rectified(map);
    const bool before_pooling = i == 2 || i + 1 == stem_.size();
    if (before_pooling) map = pool_by_two(map, 3);
  }
  for (const Block& block : blocks_) map = block(map);
  return {map.mean({2, 3})};
}

}  // namespace fmri2img::models
