// Claim: idle threads sleep soon, so that a busy machine slows the program down no more than its share; unless the user
// wants it otherwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/reference_data.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

std::string settings(const std::string& before) {
  const auto result = testing::run_program("--version", before + " OMP_DISPLAY_ENV=VERBOSE ");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_FALSE(result.out.empty());
  return result.err;
}

TEST(ShortWaits, AreTheDefault) {
  EXPECT_THAT(settings("env -u GOMP_SPINCOUNT"), HasSubstr("GOMP_SPINCOUNT = '1000'"));
}

TEST(ShortWaits, GiveWayToTheUsersOwn) {
  EXPECT_THAT(settings("env GOMP_SPINCOUNT=77"), HasSubstr("GOMP_SPINCOUNT = '77'"));
  EXPECT_THAT(settings("env -u GOMP_SPINCOUNT OMP_WAIT_POLICY=active"), HasSubstr("OMP_WAIT_POLICY = 'ACTIVE'"));
}

}  // namespace
}  // namespace fmri2img::commands
