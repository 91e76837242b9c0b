#include "fmri2img/report/published_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

TEST(PublishedRows, EachHasASourceAndAProtocol) {
  std::set<std::string> ids;
  for (const PublishedGroup& group : published_groups()) {
    EXPECT_TRUE(ids.insert(group.id).second) << group.id;
    EXPECT_FALSE(group.protocol.empty() || group.subjects.empty() || group.rows.empty()) << group.id;
    EXPECT_EQ(group.preset.empty(), group.images == 0) << group.id;
    for (const PublishedRow& row : group.rows) {
      EXPECT_FALSE(row.source.empty()) << row.method;
      EXPECT_FALSE(row.scores.empty()) << row.method;
      for (const auto& [key, value] : row.scores) {
        EXPECT_NE(score_name(key).rank, ScoreName{}.rank) << row.method << ": " << key;
        EXPECT_TRUE(value > 0 && value <= 1) << row.method << ": " << key << " = " << value;
      }
    }
  }
  EXPECT_GE(ids.size(), 5);
}

TEST(PublishedRows, HoldTheFiguresOfTheirSource) {
  // MindEye2, Table 1.
  const PublishedGroup group = published_groups().front();
  EXPECT_EQ(group.preset, "mindeye2-1000");
  const PublishedRow& row = group.rows.at(3);
  EXPECT_EQ(row.method, "MindEye2 (ICML 2024), refined");
  EXPECT_DOUBLE_EQ(row.scores.at("pixel_correlation"), 0.322);
  EXPECT_DOUBLE_EQ(row.scores.at("alexnet2"), 0.961);
  EXPECT_DOUBLE_EQ(row.scores.at("swav"), 0.344);
}

TEST(ScoreName, UnknownScoresAreCalledAfterTheirKeys) {
  const ScoreName name = score_name("new_score");
  EXPECT_EQ(name.title, "new score");
  EXPECT_EQ(show_score(name, 0.12345), "0.123");
  EXPECT_EQ(show_score(score_name("clip"), 0.9312), "93.1 %");
  EXPECT_FALSE(score_name("swav").higher_is_better);
}

}  // namespace
}  // namespace fmri2img::report
