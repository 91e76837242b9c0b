// Ridge regression of many targets, each with its own penalty out of ten by generalised cross-validation.
// Peers: bench/peers/ridge.py.
#include <ATen/ATen.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/decoding/ridge/ridge_solver.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  int64_t rows = 4000, vertices = 20000, targets = 4096;
  bench::Options options{.repeats = 1};
  CLI::App app("Ridge: fit with ten penalties, one chosen per target");
  app.add_option("--rows", rows);
  app.add_option("--vertices", vertices);
  app.add_option("--targets", targets);
  options.add_to(app);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const at::Generator generator = make_generator(1);
  at::Tensor responses = at::randn({rows, vertices}, generator);
  at::Tensor latents = at::randn({rows, targets}, generator);
  const at::Tensor penalties = at::logspace(1, 6, 10);
  at::Tensor weights;
  bench::measure(0, options.repeats, [&] {
    const at::Tensor centred = responses - responses.mean(0);
    const at::Tensor goals = latents - latents.mean(0);
    const decoding::RidgeSolver solver(centred);
    const at::Tensor coordinates = solver.coordinates(goals);
    const at::Tensor scores = solver.gcv(coordinates, goals.square().sum(0), penalties);
    weights = solver.weights(coordinates, decoding::best_penalties(scores, penalties));
  });
}
