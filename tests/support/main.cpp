#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "fmri2img/core/memory.h"
#include "fmri2img/core/threads.h"

namespace {

/// Prints one line a skipped test, which tools/run-tests collects: a test that did not run must say so.
class SkippedTests : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& test) override {
    name_ = std::string(test.test_suite_name()) + "." + test.name();
  }

  // Asking GoogleTest for the running test would deadlock here: it holds its lock while it reports.
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.skipped()) std::printf("SKIPPED %s: %s\n", name_.c_str(), result.message());
  }

  std::string name_;
};

}  // namespace

int main(int argc, char** argv) {
  fmri2img::keep_freed_memory();
  fmri2img::set_threads(0);
  testing::InitGoogleTest(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new SkippedTests);
  return RUN_ALL_TESTS();
}
