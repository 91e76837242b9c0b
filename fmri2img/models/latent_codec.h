#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fmri2img/core/json.h"

namespace fmri2img::models {

struct LatentShape {
  int64_t channels, height, width;
};

struct PictureSize {
  int64_t height, width, channels;
};

/// Pictures <-> latents: what a decoder learns to predict, and how a prediction becomes a picture.
///
/// Everything that depends on the kind of latents (their shape, their scale, the size of the pictures) is asked here.
/// One thread uses a codec.
class LatentCodec {
 public:
  virtual ~LatentCodec() = default;

  /// "vae", "tiny" or "pixels".
  virtual std::string name() const = 0;

  /// What `make_codec` needs to make this codec again; kept in a decoder's config.json. Weights are not in it, but
  /// their fingerprint is, so that a decoder is not used with another autoencoder.
  virtual Json config() const = 0;

  virtual LatentShape latent_shape() const = 0;
  virtual PictureSize picture_size() const = 0;

  /// Scaled latents of pictures: those that decoders are trained on.
  ///
  /// Shape: pictures [N, 3, H, W] or [N, 1, H, W] float in [0, 1], of any size (resized to `picture_size` by the codec,
  /// bilinear with antialiasing, on the float values) -> [N, C, h, w] float32.
  /// Randomness: without `sample` the posterior's mean; with it a sample, one draw of [N, C, h, w] normal numbers.
  /// A codec without a posterior ignores it.
  virtual at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) = 0;

  /// Shape: [N, C, h, w] -> [N, 3, H, W] (grey pixels: [N, 1, H, W]) float32, clamped to [0, 1].
  virtual at::Tensor decode(const at::Tensor& latents) = 0;
};

/// How a codec with weights runs. Codecs without weights ignore it.
struct CodecOptions {
  /// Height and width of its pictures, each cut to a multiple of the model's factor: `picture_size` has the outcome.
  /// Default: what the model's `config.json` says, else 512 x 512.
  std::optional<std::pair<int64_t, int64_t>> picture_size;

  /// Height and width of its latents: decides the pictures' size where a decoder's latents are given.
  std::optional<std::pair<int64_t, int64_t>> latent_size;

  /// at::kFloat, or at::kBFloat16 for convolutions and matrix products in bfloat16 (normalisations, latents and the
  /// posterior stay in float32). It needs a third to a sixth of the memory, as fast where float32 has Winograd's
  /// kernels. On TAEF2 the latents are off by 1.4 to 2.0 % of their deviation (root mean square; at most 41 %), and the
  /// round trip loses .02 to .10 dB.
  at::ScalarType dtype = at::kFloat;

  at::Device device = at::kCPU;  ///< where the network computes; pictures and latents stay in the processor's memory
};

/// The codec that `config` (from `LatentCodec::config`) describes; `codec_model` is the folder with its weights, where
/// it has any. Throws Error if the folder is needed and not given, or (mismatch) is another model than the one `config`
/// names. A `config` without a fingerprint comes from latents that nobody recorded the origin of: then only their shape
/// is checked, with a warning.
std::unique_ptr<LatentCodec> make_codec(const Json& config,
                                        const std::optional<std::filesystem::path>& codec_model,
                                        at::ScalarType dtype = at::kFloat,
                                        at::Device device = at::kCPU);

/// The codec of a model folder: a diffusers autoencoder (AutoencoderKL or AutoencoderTiny), a Stable Diffusion folder
/// (its `vae`), or a folder with a tae*_encoder.pth and a tae*_decoder.pth. Throws Error saying what was looked for.
std::unique_ptr<LatentCodec> open_codec(const std::filesystem::path& model_folder, const CodecOptions& options = {});

}  // namespace fmri2img::models
