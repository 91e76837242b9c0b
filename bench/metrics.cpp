// `evaluate` with every network, preset mindeye1-982. Peer: bench/peers/metrics.py.
#include <filesystem>
#include <string>
#include <CLI/CLI.hpp>

#include "fmri2img/evaluation/evaluate.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder, clip;
  bench::Options options;
  CLI::App app("Every score of a results folder, pictures and weights read anew each time");
  app.add_option("folder", folder, "A folder of bench/make_metrics.py")->required();
  app.add_option("--clip", clip, "Folder of a CLIP")->required();
  options.add_to(app);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  const std::filesystem::path root = folder;
  const evaluation::Protocol& protocol = evaluation::find_protocol("mindeye1-982");
  bench::measure(0, options.repeats, [&] {
    const reconstruction::Results results = reconstruction::read_results(root / "results");
    const evaluation::MetricNetworks networks(
        {.weights = root / "weights", .clip = clip}, protocol, results.height, results.width);
    evaluation::evaluate(results, evaluation::picture_choices(results), {.protocol = protocol}, networks);
  });
}
