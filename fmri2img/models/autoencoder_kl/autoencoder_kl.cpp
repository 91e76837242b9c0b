#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"

#include <ATen/ATen.h>

#include <array>
#include <utility>

#include "fmri2img/models/codec_frame.h"
#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::models {
namespace {

nn::Conv2d pointwise(int64_t channels) {
  return nn::Conv2d(
      nn::Conv2dOptions{.in_channels = channels, .out_channels = channels, .kernel_size = 1, .padding = 0});
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOldAttentionNames = {
    {{".query.", ".to_q."}, {".key.", ".to_k."}, {".value.", ".to_v."}, {".proj_attn.", ".to_out.0."}}};

std::string current_name(const std::string& name) {
  if (name.find(".attentions.") == std::string::npos) return name;
  for (const auto& [old_part, new_part] : kOldAttentionNames) {
    const size_t place = name.find(old_part);
    if (place != std::string::npos) return std::string(name).replace(place, old_part.size(), new_part);
  }
  return name;
}

bool is_pointwise_attention(const std::string& name, const at::Tensor& tensor) {
  return name.find(".attentions.") != std::string::npos && tensor.dim() == 4 && tensor.size(2) == 1 &&
         tensor.size(3) == 1;
}

}  // namespace

AutoencoderKLImpl::AutoencoderKLImpl(const AutoencoderKLOptions& options) {
  encoder = register_module("encoder", Encoder(options.encoder()));
  decoder = register_module("decoder", Decoder(options.decoder()));
  if (options.use_quant_conv) quant_conv = register_module("quant_conv", pointwise(2 * options.latent_channels));
  if (options.use_post_quant_conv)
    post_quant_conv = register_module("post_quant_conv", pointwise(options.latent_channels));
}

void AutoencoderKLImpl::reset_parameters(const at::Generator& generator) {
  encoder->reset_parameters(generator);
  decoder->reset_parameters(generator);
  if (quant_conv) quant_conv->reset_parameters(generator);
  if (post_quant_conv) post_quant_conv->reset_parameters(generator);
}

at::Tensor AutoencoderKLImpl::encode(const at::Tensor& pictures) {
  const at::Tensor moments = encoder(pictures);
  return nn::to_plain(quant_conv ? quant_conv(moments) : moments);
}

at::Tensor AutoencoderKLImpl::decode(const at::Tensor& latents) {
  return decoder(post_quant_conv ? post_quant_conv(latents) : latents);
}

ModelSource<AutoencoderKLOptions> read_autoencoder_kl_source(const std::filesystem::path& folder) {
  const std::filesystem::path config = folder / "config.json";
  ModelSource<AutoencoderKLOptions> source = {
      .options = AutoencoderKLOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
      .weights = read_diffusers_weights(folder),
      .rules = {.rename = current_name}};
  for (auto& [name, tensor] : source.weights.tensors) {
    if (is_pointwise_attention(name, tensor)) tensor = tensor.flatten(1);
  }
  return source;
}

LoadedAutoencoderKL read_autoencoder_kl(const std::filesystem::path& folder) {
  const ModelSource<AutoencoderKLOptions> source = read_autoencoder_kl_source(folder);
  AutoencoderKL model = [&] {
    const nn::ParametersWithoutMemory adopted;
    return AutoencoderKL(source.options);
  }();
  nn::adopt_weights(*model, source.weights, source.rules);
  return {model, source.options};
}

at::Tensor posterior_mean(const at::Tensor& moments) {
  return moments.chunk(2, 1)[0].to(at::kFloat).contiguous();
}

at::Tensor sample_posterior(const at::Tensor& moments, at::Generator generator) {
  const at::Tensor mean = posterior_mean(moments);
  const at::Tensor deviation = moments.chunk(2, 1)[1].to(at::kFloat).clamp(-30, 20).mul(0.5).exp();
  return mean + deviation * at::randn(mean.sizes(), std::move(generator), at::kFloat);
}

}  // namespace fmri2img::models
