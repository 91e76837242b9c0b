#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <vector>

#include "fmri2img/core/memory.h"

namespace fmri2img::bench {

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
