// Embeddings of eight pictures of 512 x 512 by CLIP ViT-L/14. Peer: bench/peers/clip.py.
#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/core/threads.h"
#include "fmri2img/models/image_embedder.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder;
  int repeats = 3, threads = 0, pictures = 8;
  bool bf16 = false;
  CLI::App app("Embeddings of pictures by a CLIP ViT-L/14 with random weights");
  app.add_option("model", folder, "A folder of bench/make_models.py")->required();
  app.add_option("--pictures", pictures);
  app.add_option("--repeats", repeats);
  app.add_option("--threads", threads);
  app.add_flag("--bf16", bf16);
  CLI11_PARSE(app, argc, argv);
  keep_freed_memory();
  set_threads(threads);

  const auto embedder =
      models::open_image_embedder(std::filesystem::path(folder) / "clip", bf16 ? at::kBFloat16 : at::kFloat, at::kCPU);
  std::vector<at::Tensor> inputs;
  for (int i = 0; i < pictures; ++i)
    inputs.push_back(at::randint(256, {512, 512, 3}, make_generator(static_cast<uint64_t>(i)), at::kByte));
  bench::measure(1, repeats, [&] { embedder->embed(inputs); });
}
