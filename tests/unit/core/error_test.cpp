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

}  // namespace
}  // namespace fmri2img
