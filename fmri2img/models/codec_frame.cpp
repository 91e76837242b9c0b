#include "fmri2img/models/codec_frame.h"

#include <ATen/ATen.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <span>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/text.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUsualSide = 512;  // of Stable Diffusion 1.x, for files that do not say
constexpr int64_t kPixelsInPiece = kUsualSide * kUsualSide;

}  // namespace

Json CodecFrame::config() const {
  return {{"name", name},
          {"latent_shape", {latent_shape.channels, latent_shape.height, latent_shape.width}},
          {"picture_size", {picture_size.height, picture_size.width}},
          {"scaling_factor", scaling_factor},
          {"shift_factor", shift_factor},
          {"fingerprint", fingerprint}};
}

at::Tensor CodecFrame::fit(const at::Tensor& input) const {
  FMRI2IMG_CHECK(input.dim() == 4 && (input.size(1) == 3 || input.size(1) == 1),
                 "codec {}: pictures of shape {}; expected N x 3 x height x width, or one grey channel",
                 name,
                 format_shape(input.sizes().vec()));
  const at::Tensor colours = input.to(at::kFloat).expand({-1, 3, -1, -1});
  if (input.size(2) == picture_size.height && input.size(3) == picture_size.width) return colours.contiguous();
  return at::_upsample_bilinear2d_aa(
      colours.contiguous(), {picture_size.height, picture_size.width}, /*align_corners=*/false);
}

at::Tensor CodecFrame::scale(const at::Tensor& latents) const {
  return (latents - shift_factor) * scaling_factor;
}

at::Tensor CodecFrame::unscale(const at::Tensor& latents) const {
  return latents / scaling_factor + shift_factor;
}

at::Tensor CodecFrame::in_pieces(const at::Tensor& items,
                                 const std::function<at::Tensor(const at::Tensor&)>& network) const {
  const int64_t most = std::max<int64_t>(1, kPixelsInPiece / (picture_size.height * picture_size.width));
  std::vector<at::Tensor> pieces;
  for (const at::Tensor& piece : items.split(most))
    pieces.push_back(network(piece).to(at::kCPU, at::kFloat).contiguous());
  return at::cat(pieces);
}

void set_sizes(CodecFrame& frame,
               const CodecOptions& options,
               std::optional<std::pair<int64_t, int64_t>> own_size,
               int64_t latent_channels,
               int64_t factor) {
  auto [height, width] = options.picture_size.value_or(own_size.value_or(std::pair(kUsualSide, kUsualSide)));
  if (options.latent_size) {
    height = options.latent_size->first * factor;
    width = options.latent_size->second * factor;
  }
  FMRI2IMG_CHECK(height >= factor && width >= factor,
                 "codec {}: pictures of {} x {} are too small: one latent of this model stands for {} x {} pixels",
                 frame.name,
                 height,
                 width,
                 factor,
                 factor);
  frame.latent_shape = {latent_channels, height / factor, width / factor};
  frame.picture_size = {frame.latent_shape.height * factor, frame.latent_shape.width * factor, 3};
}

std::string weights_fingerprint(const torch::nn::Module& module) {
  std::string hashes;
  for (const auto& [name, tensor] : nn::state_dict(module)) {
    const at::Tensor values = tensor.to(at::kFloat).contiguous();
    const auto bytes = std::as_bytes(std::span(values.const_data_ptr<float>(), static_cast<size_t>(values.numel())));
    hashes += fmt::format("{} {} {}\n", name, format_shape(tensor.sizes().vec()), sha256(bytes));
  }
  return "sha256:" + sha256(hashes);
}

io::LocatedWeights read_diffusers_weights(const fs::path& folder) {
  for (const char* ending : {".safetensors.index.json", ".safetensors", ".bin.index.json", ".bin"}) {
    const fs::path file = folder / (std::string("diffusion_pytorch_model") + ending);
    if (fs::exists(file)) return io::read_located_weights(file);
  }
  return io::read_located_weights(folder);
}

}  // namespace fmri2img::models
