#include "commands/guided_models.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/models/captioner.h"
#include "fmri2img/models/image_embedder.h"
#include "fmri2img/models/unet/options.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

/// The size of pictures that a Stable Diffusion was trained on: 512 x 512 for 1.5. Low-level pictures of another codec
/// are brought to it.
std::optional<std::pair<int64_t, int64_t>> native_size(const fs::path& folder) {
  const fs::path unet = folder / "unet/config.json", vae = folder / "vae/config.json";
  const auto latents = models::UNetOptions::from_json(read_json(unet), "\"" + unet.string() + "\"").sample_size;
  if (!latents) return std::nullopt;
  const int64_t factor = models::AutoencoderKLOptions::from_json(read_json(vae), "\"" + vae.string() + "\"").factor();
  return std::pair(latents->first * factor, latents->second * factor);
}

diffusion::Img2ImgOptions refine_options(const reconstruction::Ensemble& ensemble) {
  diffusion::Img2ImgOptions options;
  options.steps = ensemble.refine.steps;
  options.strength = ensemble.refine.strength;
  options.guidance = ensemble.refine.guidance;
  options.negative = ensemble.refine.negative;
  options.guidance_until = ensemble.refine.guidance_until;
  options.reuse_features = ensemble.refine.reuse_features;
  if (!ensemble.refine.scheduler.empty())
    options.scheduler = diffusion::parse_scheduler_name(ensemble.refine.scheduler);
  return options;
}

models::CaptionerOptions caption_options(const reconstruction::Ensemble& ensemble,
                                         at::ScalarType dtype,
                                         at::Device device) {
  models::CaptionerOptions options;
  const bool raw = ensemble.caption.input == "raw255";
  options.input = raw ? models::CaptionInput::kRaw255 : models::CaptionInput::kProcessor;
  options.generation.num_beams = ensemble.caption.beams;
  options.generation.max_new_tokens = ensemble.caption.max_new_tokens;
  options.dtype = dtype;
  options.device = device;
  return options;
}

}  // namespace

void add_guided_dtype(CLI::App& app, std::string& dtype) {
  app.add_option(
         "--dtype",
         dtype,
         "Of captions and diffusion: fp32, bf16, (on a GPU) fp16, or auto (bf16 on a GPU and where the processor "
         "has it); weights in files of another type are converted")
      ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}))
      ->capture_default_str();
}

std::string guided_dtype(const std::string& asked, at::Device device) {
  if (asked != "auto") return asked;
  if (!device.is_cpu()) return "bf16";
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16") != 0) return "bf16";
#endif
  return "fp32";
}

int64_t count_evaluations(const reconstruction::Ensemble& ensemble) {
  return static_cast<int64_t>(diffusion::count_evaluations(ensemble.stable_diffusion, refine_options(ensemble)));
}

void add_guided_models(reconstruction::ModelOpeners& open,
                       const reconstruction::Ensemble& ensemble,
                       const std::string& dtype,
                       at::Device device) {
  for (const fs::path& folder : {ensemble.stable_diffusion, ensemble.clip, ensemble.blip})
    model_checks::require_unaltered(folder);
  const at::ScalarType type = parse_dtype(dtype, device);
  open.captioner = [folder = ensemble.blip, options = caption_options(ensemble, type, device)] {
    return models::open_captioner(folder, options);
  };
  diffusion::Img2ImgOptions refine = refine_options(ensemble);
  refine.size = native_size(ensemble.stable_diffusion);
  open.refiner = [folder = ensemble.stable_diffusion, options = refine, type, device] {
    return diffusion::open_image_refiner({.folder = folder, .dtype = type, .device = device}, options);
  };
  open.embedder = [folder = ensemble.clip, type, device] { return models::open_image_embedder(folder, type, device); };
}

}  // namespace fmri2img::commands
