#include "fmri2img/data/roi_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fmri2img::data {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kKnown{"V1v", "V1d", "FFA-1", "FFA-2", "FFA", "mfs-words", "set1"};

std::vector<std::string> words(const std::string& expression) {
  std::vector<std::string> texts;
  for (const RoiToken& token : tokenize_roi_expression(expression, kKnown)) texts.push_back(token.text);
  return texts;
}

TEST(RoiExpression, KnownNamesWinOverOperators) {
  EXPECT_THAT(words("FFA-1"), ElementsAre("FFA-1", ""));
  EXPECT_THAT(words("V1v-V1d"), ElementsAre("V1v", "-", "V1d", ""));
  EXPECT_THAT(words("FFA-1-FFA-2"), ElementsAre("FFA-1", "-", "FFA-2", ""));
  EXPECT_THAT(words("FFA-V1v"), ElementsAre("FFA", "-", "V1v", ""));
  EXPECT_THAT(words("(mfs-words|set1)&V1v"), ElementsAre("(", "mfs-words", "|", "set1", ")", "&", "V1v", ""));
}

TEST(RoiExpression, UnknownNameRunsToTheNextOperatorOtherThanMinus) {
  EXPECT_THAT(words("FFA-3 | V1v"), ElementsAre("FFA", "-", "3", "|", "V1v", ""));
  EXPECT_THAT(words("OFA-3|V1v"), ElementsAre("OFA-3", "|", "V1v", ""));
  EXPECT_THAT(words("V1vx"), ElementsAre("V1vx", ""));
}

TEST(RoiExpression, TokensKnowTheirPlace) {
  const std::vector<RoiToken> tokens = tokenize_roi_expression("\tV1v  - set1 ", kKnown);
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(tokens[1].position, 6U);
  EXPECT_EQ(tokens[2].position, 8U);
  EXPECT_EQ(tokens[3].kind, RoiToken::Kind::kEnd);
}

}  // namespace
}  // namespace fmri2img::data
