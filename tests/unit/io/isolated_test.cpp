#include "fmri2img/io/isolated.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "fmri2img/core/check.h"
#include "tests/support/errors.h"

namespace fmri2img::io {
namespace {

std::string run(const std::function<std::string()>& work, const IsolationLimits& limits = {}) {
  return run_isolated(work, limits, "\"a.h5\"", "the library");
}

TEST(Isolated, ReturnsTheTextOfTheChild) {
  EXPECT_EQ(run([] { return std::string("abc"); }), "abc");
  EXPECT_EQ(run([] { return std::string(); }), "");
  EXPECT_EQ(run([] { return std::string(5'000'000, 'x'); }).size(), 5'000'000U);
}

TEST(Isolated, PassesErrorsOn) {
  try {
    run([]() -> std::string { fail(ErrorKind::kMismatch, "of another subject"); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
    EXPECT_EQ(error.message(), "of another subject");
  }
}

TEST(Isolated, TurnsTheEndOfTheChildIntoAnError) {
  EXPECT_ERROR(run([]() -> std::string {
                 std::raise(SIGSEGV);
                 return {};
               }),
               "\"a.h5\" is damaged: reading it ended the library (signal 11");
  EXPECT_ERROR(run([]() -> std::string { std::abort(); }), "is damaged", "signal 6");
  EXPECT_ERROR(run([]() -> std::string { std::_Exit(7); }), "is damaged", "exit code 7");
}

TEST(Isolated, LimitsProcessorTimeAndMemory) {
  const auto spin = []() -> std::string {
    for (volatile bool on = true; on;) {}
    return {};
  };
  EXPECT_ERROR(run(spin, {.cpu_s = 1}), "is damaged", "it took more than 1 s of processor time");
  EXPECT_ERROR(run([] { return std::to_string(pause()); }, {.wall_s = 1}), "is damaged", "it took more than 1 s)");
  EXPECT_EQ(run(
                [] {
                  void* memory = mmap(nullptr, 1 << 28, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return std::string(memory == MAP_FAILED ? "refused" : "given");
                },
                {.memory_bytes = 1 << 26}),
            "refused");
}

TEST(Isolated, SharesMemory) {
  const SharedMemory memory(100'000);
  run([&] {
    std::ranges::fill(memory.bytes(), std::byte{7});
    return std::string();
  });
  EXPECT_EQ(std::ranges::count(memory.bytes(), std::byte{7}), 100'000);
  EXPECT_ERROR(SharedMemory(int64_t{1} << 62), "cannot get", "of memory");
}

}  // namespace
}  // namespace fmri2img::io
