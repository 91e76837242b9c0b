#pragma once

#include <c10/core/ScalarType.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <vector>
#include <CLI/App.hpp>

#include "fmri2img/core/memory.h"
#include "fmri2img/core/threads.h"

namespace fmri2img::bench {

/// What every program here can be told.
struct Options {
  int repeats = 3;
  int threads = 0;
  bool bf16 = false;

  void add_to(CLI::App& app, bool with_bf16 = false) {
    app.add_option("--repeats", repeats);
    app.add_option("--threads", threads);
    if (with_bf16) app.add_flag("--bf16", bf16);
  }

  /// Memory and threads as the program itself sets them; call before anything large.
  void apply() const {
    keep_freed_memory();
    set_threads(threads);
  }

  at::ScalarType dtype() const { return bf16 ? at::kBFloat16 : at::kFloat; }
};

/// Runs `action` once to warm up and then `repeats` times, and prints what bench/compare reads: seconds of each counted
/// run and the peak memory of the process.
template <class Action> void measure(int warmups, int repeats, Action&& action) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> seconds;
  for (int i = -warmups; i < repeats; ++i) {
    const auto start = Clock::now();
    action();
    if (i >= 0) seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  fmt::print("{{\"seconds\": [{:.6f}], \"peak_mib\": {}}}\n", fmt::join(seconds, ", "), peak_memory() >> 20);
}

}  // namespace fmri2img::bench
