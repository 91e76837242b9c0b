#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

namespace fmri2img::nn {

/// Feature maps in blocks of 16 channels, [N, C / 16, H, W, 16]: the order in which the fastest float32 kernels for
/// CPUs with AVX-512 want them. Layers take such maps and [N, C, H, W] alike, in training as in inference, and give
/// blocked ones where the kernel and the channels allow it; elementwise operations work on either. A model that hands a
/// map out calls `to_plain`.

constexpr int64_t kBlock = 16;

/// True if this machine has the kernels, and this program was built with the library that they come from.
bool has_blocked_kernels();

inline int64_t to_whole_blocks(int64_t channels) {
  return (channels + kBlock - 1) / kBlock * kBlock;
}

inline bool is_blocked(const at::Tensor& map) {
  return map.dim() == 5;
}

/// From [N, C, H, W]; where 16 does not divide C, channels of zeros follow. A blocked map is returned as it is.
at::Tensor to_blocked(const at::Tensor& map);

/// [N, C, H, W], contiguous; a map that is not blocked is returned as it is.
at::Tensor to_plain(const at::Tensor& map);

/// [N, C, H, W] with the channels of a position side by side; a map that is not blocked is returned as it is.
at::Tensor to_channels_last(const at::Tensor& map);

/// blocked -> [N, H W, C] in `dtype`.
at::Tensor blocked_to_tokens(const at::Tensor& map, at::ScalarType dtype);

/// A blocked map plus the map that the tokens [N, H W, C] are.
at::Tensor add_tokens_to_blocked(const at::Tensor& map, const at::Tensor& tokens);

/// Each pixel repeated 2 x 2.
at::Tensor upsample_blocked(const at::Tensor& map);

/// One convolution with its weights packed for the kernel that fits the last input's shape, and filled up with zeros to
/// whole blocks of channels.
///
/// 3x3 convolutions of stride one use Winograd's F(4x4, 3x3), 2.2 times as fast as the direct kernel; its float32
/// rounding differs from that by about 1e-6 of the largest value. Its weights take four times the memory, so that many
/// channels on small maps (fewer than 32 x 32 positions) keep the direct kernel.
/// REQUIRES: has_blocked_kernels().
class BlockedConv2d {
 public:
  struct Options {
    int64_t stride = 1;
    int64_t padding = 0;

    /// Weights and input of convolutions that are not Winograd's are rounded to bfloat16. The output stays float32.
    bool mixed = false;
  };

  /// weight [D, C, k, k] and bias [D] (or undefined), of any floating-point type. The weight is kept as it is, so that
  /// one that looks into a mapped file costs no memory.
  BlockedConv2d(const at::Tensor& weight, const at::Tensor& bias, const Options& options);
  ~BlockedConv2d();

  /// Input blocked or [N, C, H, W]; output blocked where 16 divides D, else [N, D, H', W'].
  at::Tensor forward(const at::Tensor& input);

 private:
  struct Kernel;

  void prepare(const at::Tensor& input, int64_t padding_above);
  at::Tensor convolve(const at::Tensor& input, int64_t padding_above);
  at::Tensor convolve_bands(const at::Tensor& input);

  at::Tensor weight_;
  at::Tensor bias_;
  int64_t channels_;  ///< of the output, without those that fill it up
  Options options_;
  std::unique_ptr<Kernel> kernel_;
};

}  // namespace fmri2img::nn
