// Captions of 20 tokens for four pictures of 512 x 512 by BLIP-large, greedy. Peer: bench/peers/blip.py.
#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/models/captioner.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder;
  int pictures = 4;
  bench::Options bench_options;
  CLI::App app("Captions of pictures by a BLIP-large with random weights");
  app.add_option("model", folder, "A folder of bench/make_models.py")->required();
  app.add_option("--pictures", pictures);
  bench_options.add_to(app, /*with_bf16=*/true);
  CLI11_PARSE(app, argc, argv);
  bench_options.apply();

  models::CaptionerOptions options{.dtype = bench_options.dtype()};
  options.generation.min_length = 21;  // random weights would end where they like
  const auto captioner = models::open_captioner(std::filesystem::path(folder) / "blip", options);
  std::vector<at::Tensor> inputs;
  for (int i = 0; i < pictures; ++i)
    inputs.push_back(at::randint(256, {512, 512, 3}, make_generator(static_cast<uint64_t>(i)), at::kByte));
  bench::measure(1, bench_options.repeats, [&] { captioner->caption(inputs); });
}
