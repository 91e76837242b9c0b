#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/latent_codec.h"

namespace torch::nn {
class Module;
}

namespace fmri2img::models {

/// What every codec with weights has around its network: sizes, the scale of the latents, and the model's identity.
struct CodecFrame {
  std::string name;  ///< "vae" or "tiny"
  LatentShape latent_shape;
  PictureSize picture_size;
  double scaling_factor;
  double shift_factor;
  std::string fingerprint;       ///< `weights_fingerprint` of the model
  at::ScalarType dtype;          ///< of convolutions and products
  at::Device device = at::kCPU;  ///< of the network

  /// For `LatentCodec::config`.
  Json config() const;

  /// Pictures of any size and 1 or 3 channels in [0, 1] -> [N, 3, H, W] float32 of this size: grey repeated, others
  /// resized (bilinear with antialiasing). Throws Error for another number of channels.
  at::Tensor fit(const at::Tensor& pictures) const;

  /// The network's latents <-> those that decoders and diffusion see.
  at::Tensor scale(const at::Tensor& latents) const;
  at::Tensor unscale(const at::Tensor& latents) const;

  /// `network` over `items` in pieces of few pictures, so that memory does not grow with their number. Results are
  /// float32 in the processor's memory.
  at::Tensor in_pieces(const at::Tensor& items, const std::function<at::Tensor(const at::Tensor&)>& network) const;
};

/// Fills in the sizes: `options.latent_size` times `factor`, else `options.picture_size`, else `own_size`, else 512 x
/// 512, each side cut to a multiple of `factor`. Throws Error if a side is shorter than that.
void set_sizes(CodecFrame& frame,
               const CodecOptions& options,
               std::optional<std::pair<int64_t, int64_t>> own_size,
               int64_t latent_channels,
               int64_t factor);

/// The identity of a model: SHA-256 over names, shapes and values of its tensors, as loaded and in float32. Equal for
/// equal weights, whatever file they came in.
std::string weights_fingerprint(const torch::nn::Module& module);

/// The weights in a folder of diffusers: `diffusion_pytorch_model` as safetensors or bin, whole or in shards, where it
/// is there; else as `io::read_state_dict` finds them.
io::LocatedWeights read_diffusers_weights(const std::filesystem::path& folder);

}  // namespace fmri2img::models
