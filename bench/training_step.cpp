// One optimiser step of the low-level decoder: forward, backward, AdamW. Peer: bench/peers/training_step.py.
#include <ATen/ATen.h>
#include <unistd.h>

#include <filesystem>
#include <numeric>
#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/training/voxel_decoder_trainer.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  int64_t inputs = 39548, batch = 32;
  bench::Options options;
  CLI::App app("One training step of the low-level decoder");
  app.add_option("--inputs", inputs);
  app.add_option("--batch", batch);
  options.add_to(app, /*with_bf16=*/true);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const at::Generator generator = make_generator(1);
  models::VoxelDecoder model(models::VoxelDecoderOptions{.num_inputs = inputs});
  std::vector<int64_t> columns(static_cast<size_t>(inputs)), rows;
  std::iota(columns.begin(), columns.end(), 0);
  for (int64_t i = 0; i < batch * (options.repeats + 1); ++i) rows.push_back(i % batch);  // one epoch of as many steps
  model->reset_parameters(generator, columns, inputs);
  const auto folder = std::filesystem::temp_directory_path() / ("fmri2img-bench-" + std::to_string(::getpid()));
  training::VoxelDecoderTrainer trainer(
      model,
      generator,
      {at::randn({batch, inputs}, generator), at::randn({batch, 4, 64, 64}, generator), rows, {}},
      {.epochs = 1, .batch = batch, .bf16 = options.bf16},
      folder);
  bench::measure(1, options.repeats, [&] { trainer.step(); });
  std::filesystem::remove_all(folder);
}
