#include "fmri2img/core/text.h"

#include <gtest/gtest.h>

namespace fmri2img {
namespace {

TEST(FormatBytes, UsesDecimalUnits) {
  EXPECT_EQ(format_bytes(17), "17 bytes");
  EXPECT_EQ(format_bytes(999'900), "1.00 MB");
  EXPECT_EQ(format_bytes(1'658'000'000), "1.66 GB");
}

TEST(FormatDuration, ShowsTheTwoLargestUnits) {
  EXPECT_EQ(format_duration(12.4), "12 s");
  EXPECT_EQ(format_duration(200), "3 min 20 s");
  EXPECT_EQ(format_duration(7500), "2 h 05 min");
}

TEST(FormatCount, GroupsThousands) {
  EXPECT_EQ(format_count(39548), "39,548");
  EXPECT_EQ(format_count(138188228), "138,188,228");
  EXPECT_EQ(format_count(7), "7");
}

TEST(Counted, HasTheNounInItsNumber) {
  EXPECT_EQ(counted(1, "vertex", "vertices"), "1 vertex");
  EXPECT_EQ(counted(20544, "vertex", "vertices"), "20,544 vertices");
  EXPECT_EQ(counted(0, "image", "images"), "0 images");
}

TEST(Trimmed, LosesWhatIsAtTheEnds) {
  EXPECT_EQ(trimmed(" \ta b\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed("\va\v", "\v"), "a");
}

TEST(NearestNames, FindsTheIntendedRoi) {
  const std::vector<std::string> known{"V1v", "V1d", "FFA-1", "FFA-2", "parietal"};
  EXPECT_EQ(nearest_names("ffa1", known).front(), "FFA-1");
  EXPECT_EQ(did_you_mean("parietol", known), " (did you mean \"parietal\"?)");
  EXPECT_EQ(did_you_mean("xxxxxxxx", known), "");
}

}  // namespace
}  // namespace fmri2img
