// Two-way identification of 1,000 reconstructions among 1,000 targets by 186,000 features. Peer:
// bench/peers/identification.py.
#include <ATen/ATen.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/random.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/identification.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  int64_t images = 1000, features = 186000;
  bench::Options options;
  CLI::App app("Two-way identification over all pairs");
  app.add_option("--images", images);
  app.add_option("--features", features);
  options.add_to(app);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const at::Tensor targets = at::randn({images, features}, make_generator(1));
  const at::Tensor made = targets + at::randn({images, features}, make_generator(2)).mul_(3);
  bench::measure(1, options.repeats, [&] {
    const auto rows = [](const at::Tensor& all) {
      return [&all](int64_t first, int64_t count) { return all.narrow(0, first, count); };
    };
    const at::Tensor correlations = statistics::correlation_matrix(rows(targets), images, rows(made), images, images);
    statistics::two_way_identification(correlations);
  });
}
