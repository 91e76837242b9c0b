#include "commands/autoencode.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <CLI/CLI.hpp>

#include "fmri2img/core/json.h"
#include "fmri2img/core/random.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "commands/codec_options.h"
#include "commands/common_options.h"
#include "commands/output_file.h"

namespace fmri2img::commands {
namespace {

/// uint8 [H, W, 3] -> float [1, 3, H, W] in [0, 1].
at::Tensor to_floats(const at::Tensor& pixels) {
  return pixels.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div_(255);
}

struct Autoencode {
  std::string image;
  std::string out;
  std::string latents_out;
  bool json = false;
  CodecModelOptions codec;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("image", image, "A PNG or JPEG file")->required();
    codec.add_to(app);
    app.add_option("--out", out, "The picture after the round trip, a PNG file")->required();
    app.add_option("--latents-out", latents_out, "The scaled latents, C x h x w, as a .npy file");
    app.add_flag("--json", json, "Print the figures as JSON");
    compute.add_to(app);
    app.footer(
        "The picture keeps its size, but for rows below and columns to the right that make no whole latent.\n"
        "Example: fmri2img autoencode photo.png --model taesd --latents-out photo.npy --out round_trip.png");
  }

  Json figures(const at::Tensor& pixels, const at::Tensor& picture, const at::Tensor& latents, double error) const {
    return {{"model", codec.model},
            {"image_size", {pixels.size(0), pixels.size(1)}},
            {"used_size", {picture.size(2), picture.size(3)}},
            {"latent_shape", latents.sizes().slice(1).vec()},
            {"latent_mean", latents.mean().item<double>()},
            {"latent_sd", latents.std().item<double>()},
            {"psnr_db", error > 0 ? Json(-10 * std::log10(error)) : Json()},
            {"out", out}};
  }

  static std::string to_text(const Json& figures) {
    std::string text;
    if (figures["used_size"] != figures["image_size"])
      text = fmt::format("cropped from {} x {} to {} x {}, whole latents\n",
                         figures["image_size"][0].dump(),
                         figures["image_size"][1].dump(),
                         figures["used_size"][0].dump(),
                         figures["used_size"][1].dump());
    const Json& shape = figures["latent_shape"];
    const std::string psnr =
        figures["psnr_db"].is_null() ? "infinite" : fmt::format("{:.3f} dB", figures["psnr_db"].get<double>());
    return text + fmt::format("latents {} x {} x {}, mean {:.5f}, sd {:.5f}\nPSNR {}\n",
                              shape[0].dump(),
                              shape[1].dump(),
                              shape[2].dump(),
                              figures["latent_mean"].get<double>(),
                              figures["latent_sd"].get<double>(),
                              psnr);
  }

  void run() {
    compute.apply();
    check_output_picture("--out", out);
    if (!latents_out.empty()) check_output_file("--latents-out", latents_out);
    const at::Tensor pixels = io::read_image(image);
    const auto model = codec.open(std::pair(pixels.size(0), pixels.size(1)), compute.torch_device());
    const models::PictureSize size = model->picture_size();
    const at::Tensor picture = to_floats(pixels.narrow(0, 0, size.height).narrow(1, 0, size.width));
    std::optional<at::Generator> generator;
    if (codec.sample) generator = make_generator(codec.seed);
    const at::Tensor latents = model->encode(picture, generator);
    const at::Tensor decoded = model->decode(latents);
    if (!latents_out.empty()) io::write_npy(latents_out, latents.squeeze(0));
    io::write_png(out, io::to_pixels(decoded[0]));
    const Json result = figures(pixels, picture, latents, at::mse_loss(decoded, picture).item<double>());
    fmt::print("{}", json ? result.dump(2) + "\n" : to_text(result));
  }
};

}  // namespace

Command autoencode() {
  return make_command<Autoencode>("autoencode", "Send one picture through an autoencoder and back");
}

}  // namespace fmri2img::commands
