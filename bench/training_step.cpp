// One optimiser step of the low-level decoder: forward, backward, AdamW. Peer: bench/peers/training_step.py.
#include <ATen/ATen.h>
#include <unistd.h>

#include <filesystem>
#include <numeric>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/core/threads.h"
#include "fmri2img/training/voxel_decoder_trainer.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  int64_t inputs = 39548, batch = 32;
  int repeats = 3, threads = 0;
  bool bf16 = false;
  CLI::App app("One training step of the low-level decoder");
  app.add_option("--inputs", inputs);
  app.add_option("--batch", batch);
  app.add_option("--repeats", repeats);
  app.add_option("--threads", threads);
  app.add_flag("--bf16", bf16);
  CLI11_PARSE(app, argc, argv);
  keep_freed_memory();
  set_threads(threads);

  const at::Generator generator = make_generator(1);
  models::VoxelDecoder model(models::VoxelDecoderOptions{.num_inputs = inputs});
  std::vector<int64_t> columns(static_cast<size_t>(inputs)), rows;
  std::iota(columns.begin(), columns.end(), 0);
  for (int64_t i = 0; i < batch * (repeats + 1); ++i) rows.push_back(i % batch);  // one epoch of as many steps
  model->reset_parameters(generator, columns, inputs);
  const auto folder = std::filesystem::temp_directory_path() / ("fmri2img-bench-" + std::to_string(::getpid()));
  training::VoxelDecoderTrainer trainer(
      model,
      generator,
      {at::randn({batch, inputs}, generator), at::randn({batch, 4, 64, 64}, generator), rows, {}},
      {.epochs = 1, .batch = batch, .bf16 = bf16},
      folder);
  bench::measure(1, repeats, [&] { trainer.step(); });
  std::filesystem::remove_all(folder);
}
