#include "fmri2img/diffusion/stable_diffusion.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/random.h"
#include "fmri2img/diffusion/guided_noise.h"
#include "fmri2img/diffusion/noise.h"
#include "fmri2img/diffusion/stable_diffusion_folder.h"
#include "fmri2img/diffusion/time_steps.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/resize_image.h"
#include "fmri2img/models/autoencoder_kl/memory.h"
#include "fmri2img/nn/inference.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostPixelsTogether = int64_t{2} * 512 * 512;  // of a batch: more is no faster on a CPU

fs::path checked_folder(const fs::path& folder) {
  check_stable_diffusion_folder(folder);
  return folder;
}

Json read_part(const fs::path& folder, const char* part) {
  return read_json(folder / part / "config.json");
}

std::string name_part(const fs::path& folder, const char* part) {
  return fmt::format("\"{}\"", (folder / part / "config.json").string());
}

std::unique_ptr<Sampler> sampler_of(const SchedulerConfig& scheduler, const Img2ImgOptions& options) {
  return make_sampler(scheduler, {.steps = options.steps, .strength = options.strength});
}

std::vector<at::Generator> make_generators(std::span<const RefineRequest> requests) {
  std::vector<at::Generator> generators;
  for (const RefineRequest& request : requests) generators.push_back(make_generator(request.seed));
  return generators;
}

}  // namespace

StableDiffusion::StableDiffusion(const StableDiffusionOptions& model, const Img2ImgOptions& options)
    : model_(model),
      options_(options),
      scheduler_(open_scheduler_config(checked_folder(model.folder), options.scheduler)),
      vae_options_(
          models::AutoencoderKLOptions::from_json(read_part(model.folder, "vae"), name_part(model.folder, "vae"))),
      unet_options_(models::UNetOptions::from_json(read_part(model.folder, "unet"), name_part(model.folder, "unet"))),
      text_options_(models::ClipTextOptions::from_json(read_part(model.folder, "text_encoder"),
                                                       name_part(model.folder, "text_encoder"))),
      tokenizer_(model.folder / "tokenizer") {
  check_img2img_options(options);
  check_latent_channels(unet_options_, vae_options_, model.folder);
  check_text_width(unet_options_, text_options_, model.folder);
  check_token_embeddings(tokenizer_, text_options_, model.folder);
  FMRI2IMG_CHECK_USAGE(model.dtype != at::kHalf || !model.device.is_cpu(),
                       "--dtype fp16 needs a GPU; on a CPU choose fp32 or bf16");
  new_sampler();  // an impossible run ends here
}

std::unique_ptr<Sampler> StableDiffusion::new_sampler() const {
  return sampler_of(scheduler_, options_);
}

models::UNet& StableDiffusion::unet() {
  if (!unet_) unet_ = models::open_unet(model_.folder / "unet", model_.dtype, model_.device);
  return unet_;
}

models::AutoencoderKL& StableDiffusion::vae() {
  if (!vae_) {
    vae_ = models::read_autoencoder_kl(model_.folder / "vae").model;
    nn::prepare_for_inference(*vae_, nn::InferenceOptions{.dtype = model_.dtype, .device = model_.device});
  }
  return vae_;
}

size_t StableDiffusion::evaluations() const {
  return new_sampler()->time_steps().size();
}

StableDiffusion::Size StableDiffusion::output_size(const at::Tensor& picture) const {
  const auto [height, width] = options_.size.value_or(std::pair(picture.size(0), picture.size(1)));
  const int64_t factor = vae_options_.factor();
  FMRI2IMG_CHECK(
      height >= factor && width >= factor,
      "a picture of {} x {} pixels is smaller than one latent of this model, {} x {}: give a larger one with "
      "--width and --height",
      width,
      height,
      factor,
      factor);
  const Size size{height - height % factor, width - width % factor};
  require_memory(models::autoencoder_bytes(vae_options_, model_.dtype, size.height, size.width),
                 fmt::format("image-to-image at {} x {} pixels", size.width, size.height),
                 "choose a smaller size with --width and --height");
  return size;
}

models::PictureSize StableDiffusion::picture_size(const at::Tensor& picture) const {
  const Size size = output_size(picture);
  return {size.height, size.width, 3};
}

models::LatentShape StableDiffusion::latent_shape(const at::Tensor& picture) const {
  const Size size = output_size(picture);
  return {vae_options_.latent_channels, size.height / vae_options_.factor(), size.width / vae_options_.factor()};
}

at::Tensor StableDiffusion::to_network(const at::Tensor& picture, const Size& size) const {
  const at::Tensor pixels = io::resize_image(picture, size.height, size.width, io::Filter::kLanczos);
  return pixels.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div(255).mul(2).sub(1);
}

at::Tensor StableDiffusion::encode_texts(const std::vector<std::string>& texts) const {
  // Read anew for each batch: it takes a moment, and half a gigabyte is not held while the other networks work.
  auto encoder = models::open_text_encoder(model_.folder / "text_encoder", model_.dtype, model_.device);
  std::vector<at::Tensor> ids;
  for (const std::string& text : texts) {
    const text::EncodedText encoded = tokenizer_.encode(text);
    if (encoded.truncated())
      log_warning("a prompt of {} tokens was cut to the {} that the model reads: \"{}\"",
                  encoded.tokens,
                  encoded.ids.size(),
                  text);
    ids.push_back(at::tensor(encoded.ids, at::kLong));
  }
  return encoder->forward(at::stack(ids).to(model_.device));
}

at::Tensor StableDiffusion::encode_pictures(std::span<const RefineRequest> requests,
                                            std::span<const at::Generator> generators) {
  const Size size = output_size(requests[0].picture);
  std::vector<at::Tensor> latents;
  for (size_t i = 0; i < requests.size(); ++i) {
    const at::Tensor input = to_network(requests[i].picture, size).to(model_.device, model_.dtype);
    const at::Tensor moments = vae()->encode(input).to(at::kCPU, at::kFloat);
    latents.push_back(models::sample_posterior(moments, generators[i]) * vae_options_.scaling_factor);
  }
  return at::cat(latents);
}

at::Tensor StableDiffusion::refine_latents(std::span<const RefineRequest> requests) {
  const at::NoGradGuard no_grad;
  const std::vector<at::Generator> generators = make_generators(requests);
  std::vector<std::string> prompts;
  for (const RefineRequest& request : requests) prompts.push_back(request.prompt);
  const auto count = static_cast<int64_t>(prompts.size());
  const bool guided = guides(unet_options_, options_);
  if (guided) prompts.push_back(options_.negative);
  const at::Tensor encoded = encode_texts(prompts);
  const at::Tensor texts = encoded.narrow(0, 0, count);
  const at::Tensor no_texts = guided ? encoded.narrow(0, count, 1).expand_as(texts) : at::Tensor();
  const at::Tensor latents = encode_pictures(requests, generators);
  release_freed_memory();  // what one network worked in does not fit the next: the peak would be their sum
  const auto sampler = new_sampler();
  const std::vector<double>& time_steps = sampler->time_steps();
  GuidedNoise noise(unet(), texts, no_texts, options_, time_steps.size());
  at::Tensor sample = sampler->add_noise(latents, draw_noise(latents, generators)).to(model_.device);
  for (size_t i = 0; i < time_steps.size(); ++i) {
    stop_if_interrupted("run the same command again to go on");
    const at::Tensor output = noise(sampler->scale_model_input(sample, i), time_steps[i], i);
    sample = sampler->step(output, i, sample, generators);
    if (i == 0) release_freed_memory();  // weights were packed
    if (on_evaluation) on_evaluation(static_cast<int64_t>(requests.size()));
  }
  release_freed_memory();
  return sample.to(at::kCPU);
}

std::vector<at::Tensor> StableDiffusion::decode(const at::Tensor& latents) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> pictures;
  for (const at::Tensor& one : latents.split(1)) {
    const at::Tensor input = (one / vae_options_.scaling_factor).to(model_.device, model_.dtype);
    const at::Tensor decoded = vae()->decode(input).to(at::kCPU, at::kFloat);
    FMRI2IMG_CHECK(decoded.isfinite().all().item<bool>(),
                   "\"{}\": the result has values that are not finite; try --dtype fp32",
                   model_.folder.string());
    pictures.push_back(io::to_pixels(decoded[0].div(2).add(0.5).clamp(0, 1)));
  }
  return pictures;
}

void StableDiffusion::refine(std::span<const RefineRequest> requests, const OnPicture& on_picture) {
  for (size_t finished = 0; finished < requests.size();) {
    const auto rest = requests.subspan(finished);
    const Size size = output_size(rest[0].picture);
    const auto most = static_cast<size_t>(std::max<int64_t>(1, kMostPixelsTogether / (size.height * size.width)));
    size_t count = 1;
    while (count < std::min(most, rest.size()) && output_size(rest[count].picture) == size) ++count;
    for (const at::Tensor& one : refine_latents(rest.first(count)).split(1)) on_picture(finished++, decode(one)[0]);
  }
}

size_t count_evaluations(const fs::path& folder, const Img2ImgOptions& options) {
  return sampler_of(open_scheduler_config(checked_folder(folder), options.scheduler), options)->time_steps().size();
}

std::unique_ptr<ImageRefiner> open_image_refiner(const StableDiffusionOptions& model, const Img2ImgOptions& options) {
  return std::make_unique<StableDiffusion>(model, options);
}

}  // namespace fmri2img::diffusion
