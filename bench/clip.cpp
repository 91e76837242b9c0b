// Embeddings of eight pictures of 512 x 512 by CLIP ViT-L/14. Peer: bench/peers/clip.py.
#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/models/image_embedder.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder;
  int pictures = 8;
  bench::Options options;
  CLI::App app("Embeddings of pictures by a CLIP ViT-L/14 with random weights");
  app.add_option("model", folder, "A folder of bench/make_models.py")->required();
  app.add_option("--pictures", pictures);
  options.add_to(app, /*with_bf16=*/true);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const auto embedder = models::open_image_embedder(std::filesystem::path(folder) / "clip", options.dtype(), at::kCPU);
  std::vector<at::Tensor> inputs;
  for (int i = 0; i < pictures; ++i)
    inputs.push_back(at::randint(256, {512, 512, 3}, make_generator(static_cast<uint64_t>(i)), at::kByte));
  bench::measure(1, options.repeats, [&] { embedder->embed(inputs); });
}
