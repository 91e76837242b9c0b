// Opening a full-size subject and gathering the responses of set1. Peer: bench/peers/gather_roi.py.
#include <ATen/ATen.h>

#include <CLI/CLI.hpp>

#include "fmri2img/data/rows.h"
#include "fmri2img/data/subject.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace fmri2img;
  std::string folder, roi = "set1";
  bench::Options options{.repeats = 1};
  CLI::App app("Opening a subject and gathering a ROI set");
  app.add_option("SUBJECT", folder)->required();
  app.add_option("--roi", roi);
  options.add_to(app);
  CLI11_PARSE(app, argc, argv);
  options.apply();

  at::Tensor gathered;  // the last result is freed before the next is made, here as in the peer
  bench::measure(1, options.repeats, [&] {
    gathered.reset();
    const data::Subject subject = data::Subject::open(folder);
    const data::Responses& responses = subject.responses(data::Partition::kTrain);
    gathered = responses.gather(data::all_rows(responses.rows()), data::select_vertices(subject, roi).columns);
  });
}
