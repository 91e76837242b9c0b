// One picture of 512 x 512 through the autoencoder of Stable Diffusion 1.x at full size. Peer: bench/peers/vae.py.
#include <ATen/ATen.h>

#include <string>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/nn/inference.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string what = "decode";
  bench::Options options;
  CLI::App app("One picture of 512 x 512 through a Stable Diffusion 1.x autoencoder with random weights");
  app.add_option("--what", what)->check(CLI::IsMember({"encode", "decode"}));
  options.add_to(app, /*with_bf16=*/true);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const at::NoGradGuard no_grad;
  const at::ScalarType dtype = options.dtype();
  models::AutoencoderKL model(
      models::AutoencoderKLOptions{.block_out_channels = {128, 256, 512, 512}, .layers_per_block = 2});
  model->reset_parameters(make_generator(1));
  nn::prepare_for_inference(*model, dtype);
  const at::Generator generator = make_generator(2);
  const at::Tensor picture = at::rand({1, 3, 512, 512}, generator).mul(2).sub(1).to(dtype);
  const at::Tensor latents = at::randn({1, 4, 64, 64}, generator).to(dtype);
  bench::measure(1, options.repeats, [&] { what == "encode" ? model->encode(picture) : model->decode(latents); });
}
