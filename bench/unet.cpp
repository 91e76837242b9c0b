// One guided step of Stable Diffusion's network at 512 x 512: two samples of 64 x 64 latents. Peer:
// bench/peers/unet.py.
#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/models/unet/unet.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder;
  int samples = 2;
  bench::Options options;
  CLI::App app("One guided step of a Stable Diffusion 1.x network");
  app.add_option("model", folder, "A folder of bench/make_models.py")->required();
  app.add_option("--samples", samples);
  options.add_to(app, /*with_bf16=*/true);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const at::NoGradGuard no_grad;
  models::UNet model =
      models::open_unet(std::filesystem::path(folder) / "stable-diffusion/unet", options.dtype(), at::kCPU);
  const at::Generator generator = make_generator(2);
  const models::UNetImpl::Input input{.sample = at::randn({samples, 4, 64, 64}, generator),
                                      .time_steps = at::full({1}, 500.0),
                                      .text = at::randn({samples, 77, 768}, generator)};
  bench::measure(1, options.repeats, [&] { model->forward(input); });
}
