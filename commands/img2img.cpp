#include "commands/img2img.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <filesystem>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/latent_codec.h"
#include "commands/common_options.h"
#include "commands/diffusion_options.h"
#include "commands/output_file.h"

namespace fmri2img::commands {
namespace {

/// DIR itself, or DIR/stable-diffusion of a folder of models.
std::filesystem::path stable_diffusion_folder(const std::filesystem::path& folder) {
  const std::filesystem::path inner = folder / "stable-diffusion";
  return std::filesystem::is_directory(inner) ? inner : folder;
}

struct Img2Img {
  std::string model;
  std::string image;
  std::string prompt;
  std::string out;
  std::string latents_out;
  std::string preview_model;
  std::string dtype = "fp32";
  uint64_t seed = 42;
  int64_t width = 0;
  int64_t height = 0;
  bool json = false;
  DiffusionOptions options;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("--model", model, "Stable Diffusion 1.x or 2.x folder in the layout of diffusers")->required();
    app.add_option("--image", image, "The picture to begin with, PNG or JPEG")->required();
    app.add_option("--prompt", prompt, "What the result shows")->required();
    app.add_option("--negative", options.values.negative, "What it stays away from");
    app.add_option("--out", out, "The result, a PNG file")->required();
    options.add_to(app);
    app.add_option("--seed", seed, "Seed of the noise")->check(not_negative())->capture_default_str();
    app.add_option("--width", width, "Width of the result (default: the picture's, cut to whole latents)");
    app.add_option("--height", height, "Height of the result, likewise");
    add_dtype(app, dtype, "convolutions and products");
    app.add_option("--latents-out", latents_out, "The final latents, C x h x w, as a .npy file");
    app.add_option(
        "--preview-model", preview_model, "Folder of a TAESD, which decodes the result fast and approximately");
    app.add_flag("--json", json, "Print what was made as JSON");
    compute.add_to(app);
    app.footer(
        "The same folder, picture, prompt and seed give the picture of diffusers' StableDiffusionImg2ImgPipeline.\n"
        "Example: fmri2img img2img --model sd15 --image blurry.png --prompt \"a zebra in the grass\" --out zebra.png");
  }

  std::optional<std::pair<int64_t, int64_t>> size(const at::Tensor& picture) const {
    FMRI2IMG_CHECK_USAGE(
        width >= 0 && height >= 0, "--width and --height are {} and {}, expected pixels", width, height);
    if (width == 0 && height == 0) return std::nullopt;
    return std::pair(height > 0 ? height : picture.size(0), width > 0 ? width : picture.size(1));
  }

  /// The preview's decoder for what the pipeline will make of `picture`; null without one.
  std::unique_ptr<models::LatentCodec> open_preview(const diffusion::StableDiffusion& pipeline,
                                                    const at::Tensor& picture) const {
    if (preview_model.empty()) return nullptr;
    const models::LatentShape latents = pipeline.latent_shape(picture);
    const models::PictureSize expected = pipeline.picture_size(picture);
    auto codec = models::open_codec(preview_model, {.latent_size = std::pair(latents.height, latents.width)});
    const models::PictureSize made = codec->picture_size();
    if (codec->latent_shape().channels == latents.channels && made.height == expected.height) return codec;
    fail(ErrorKind::kMismatch,
         "--preview-model \"{}\" makes {} x {} pixels of latents with {} channels; --model makes {} x {} of {}: give "
         "the TAESD of this model",
         preview_model,
         made.width,
         made.height,
         codec->latent_shape().channels,
         expected.width,
         expected.height,
         latents.channels);
  }

  void run() {
    compute.apply();
    check_output_picture("--out", out);
    if (!latents_out.empty()) check_output_file("--latents-out", latents_out);
    const at::Tensor picture = io::read_image(image);
    model_checks::require_unaltered(model);
    diffusion::Img2ImgOptions values = options.read();
    values.size = size(picture);
    diffusion::StableDiffusion pipeline({.folder = stable_diffusion_folder(model),
                                         .dtype = parse_dtype(dtype, compute.torch_device()),
                                         .device = compute.torch_device()},
                                        values);
    with_context(fmt::format("while redrawing \"{}\"", image), [&] { pipeline.picture_size(picture); });
    const auto preview = open_preview(pipeline, picture);
    const auto evaluations = static_cast<int64_t>(pipeline.evaluations());
    const diffusion::RefineRequest request{picture, prompt, seed};
    at::Tensor latents;
    {
      Progress progress("redrawing", "steps", evaluations);
      pipeline.on_evaluation = [&](int64_t) { progress.advance(); };
      latents = pipeline.refine_latents({&request, 1});
    }
    const at::Tensor result = preview ? io::to_pixels(preview->decode(latents)[0]) : pipeline.decode(latents)[0];
    io::write_png(out, result);
    if (!latents_out.empty()) io::write_npy(latents_out, latents.squeeze(0));
    const Json made = {{"image", image},
                       {"out", out},
                       {"width", result.size(1)},
                       {"height", result.size(0)},
                       {"seed", seed},
                       {"evaluations", evaluations}};
    const std::string text = fmt::format(
        "{} x {} pixels after {}: {}\n", result.size(1), result.size(0), counted(evaluations, "step", "steps"), out);
    fmt::print("{}", json ? made.dump(2) + "\n" : text);
  }
};

}  // namespace

Command img2img() {
  return make_command<Img2Img>("img2img", "Redraw a picture as a prompt says, with Stable Diffusion");
}

}  // namespace fmri2img::commands
