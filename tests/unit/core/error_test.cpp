#include "fmri2img/core/error.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/check.h"
#include "tests/support/errors.h"

namespace fmri2img {
namespace {

TEST(Error, TellsTheChainOfContexts) {
  EXPECT_ERROR(
      with_context("while reading \"b\"",
                   [] { with_context("while reading \"a\"", [] { FMRI2IMG_CHECK(1 > 2, "1 is not above {}", 2); }); }),
      "1 is not above 2\n  while reading \"a\"\n  while reading \"b\"");
}

TEST(Error, KeepsItsKindThroughContexts) {
  try {
    with_context("outer", [] { fail(ErrorKind::kMismatch, "another subject"); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
  }
}

TEST(Error, TranslatesTorchErrorsWithoutTheirBacktrace) {
  try {
    with_context("while multiplying", [] { at::ones({2, 3}).mm(at::ones({2, 3})); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("while multiplying"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("frame #"), std::string::npos);
  }
}

TEST(Error, SaysWhatToDoWithoutMemory) {
  EXPECT_ERROR(with_context("while encoding",
                            [] {
                              at::empty({int64_t{1} << 40, int64_t{1} << 18}, at::kChar);
                            }),
               "out of memory, 288230376151711744 bytes at once: close other programs",
               "ask for less at a time",
               "while encoding");
}

}  // namespace
}  // namespace fmri2img
