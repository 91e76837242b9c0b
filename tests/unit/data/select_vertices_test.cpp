#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include "fmri2img/data/roi.h"
#include "fmri2img/data/rows.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"

namespace fmri2img::data {
namespace {

using testing::CapturedLog;
using Columns = std::vector<int64_t>;

constexpr int64_t kVertices = 12;

RoiAtlas small_atlas() {
  return {{"V1v", "V1d", "FFA-1", "ventral", "RSC"},
          {{"V1v", {0, 1, 2}}, {"V1d", {2, 3}}, {"FFA-1", {5, 6}}, {"ventral", {6, 7}}, {"RSC", {}}}};
}

Columns select(const std::string& expression) {
  return select_vertices(small_atlas(), expression, kVertices).columns;
}

/// Every name that the three sets need, one vertex each.
RoiAtlas atlas_of_the_sets() {
  std::vector<std::string> order;
  std::map<std::string, std::vector<int64_t>> columns;
  for (const char* set : {"set1", "set2", "set3"}) {
    for (const std::string& name : roi_set(set)) {
      if (columns.try_emplace(name, std::vector{static_cast<int64_t>(order.size())}).second) order.push_back(name);
    }
  }
  return {order, columns};
}

TEST(SelectVertices, AppliesTheOperators) {
  EXPECT_EQ(select("V1v"), (Columns{0, 1, 2}));
  EXPECT_EQ(select("V1v | V1d"), (Columns{0, 1, 2, 3}));
  EXPECT_EQ(select("V1v - V1d"), (Columns{0, 1}));
  EXPECT_EQ(select("V1v & V1d"), (Columns{2}));
  EXPECT_EQ(select("FFA-1"), (Columns{5, 6}));
  EXPECT_EQ(select("V1v-V1d"), (Columns{0, 1}));
  EXPECT_EQ(select("FFA-1-ventral"), (Columns{5}));
}

TEST(SelectVertices, IntersectionBindsTighterAndTheRestGoesFromLeftToRight) {
  EXPECT_EQ(select("V1v | FFA-1 & ventral"), (Columns{0, 1, 2, 6}));
  EXPECT_EQ(select("(V1v | FFA-1) & ventral"), (Columns{6}));
  EXPECT_EQ(select("V1v - V1d | V1d"), (Columns{0, 1, 2, 3}));
  EXPECT_EQ(select("V1v - (V1d | V1d)"), (Columns{0, 1}));
  EXPECT_EQ(select("V1d | V1v - V1d"), (Columns{0, 1}));
}

TEST(SelectVertices, NoneAndAllMeanEveryVertex) {
  EXPECT_EQ(select("none"), all_rows(kVertices));
  EXPECT_EQ(select("all"), all_rows(kVertices));
  EXPECT_EQ(select("all - V1v").size(), 9U);
  EXPECT_EQ(select_vertices(RoiAtlas(), "none", 3).columns, all_rows(3)) << "needs no ROI files";
}

TEST(SelectVertices, SetsAreTheUnionsOfTheirRegions) {
  const RoiAtlas atlas = atlas_of_the_sets();
  EXPECT_EQ(select_vertices(atlas, "set1", 100).columns.size(), 10U);
  EXPECT_EQ(select_vertices(atlas, "set2", 100).columns.size(), 12U);
  EXPECT_EQ(select_vertices(atlas, "set3", 100).columns.size(), 7U);
  EXPECT_EQ(select_vertices(atlas, "set1 & set2", 100).columns.size(), 3U) << "FFA-1, FFA-2 and PPA";
  EXPECT_EQ(select_vertices(atlas, "set1 | set2 - hV4", 100).columns.size(), 18U);
}

TEST(SelectVertices, SetWithUndefinedRegionsIsRefused) {
  EXPECT_ERROR(select("set3"), "set3 needs early, midventral", "parietal", "\"none\" for every vertex");
}

TEST(SelectVertices, UnknownNameIsAnsweredWithTheNearest) {
  EXPECT_ERROR(select("FFA-2"), "no ROI or set \"FFA-2\"", "did you mean \"FFA-1\"", "this subject has V1v V1d");
  EXPECT_ERROR(select("V1v | ventrla"), "\"ventrla\"", "ventral");
  EXPECT_ERROR(select_vertices(RoiAtlas(), "V1v", 3), "no ROI files", "\"none\"");
}

TEST(SelectVertices, MalformedExpressionNamesTheCharacter) {
  EXPECT_ERROR(select(""), "character 1, found the end");
  EXPECT_ERROR(select("V1v |"), "character 6, found the end");
  EXPECT_ERROR(select("V1v V1d"), "expected an operator or the end at character 5", "\"V1d\"");
  EXPECT_ERROR(select("(V1v"), "expected \")\" at character 5");
  EXPECT_ERROR(select("V1v)"), "at character 4, found \")\"");
  EXPECT_ERROR(select("| V1v"), "at character 1, found \"|\"");
  EXPECT_ERROR(select(std::string(5000, '(')), "too many parentheses");
}

TEST(SelectVertices, EmptyRegionIsNamedInOneWarning) {
  const CapturedLog log;
  EXPECT_EQ(select("V1v | RSC | RSC"), (Columns{0, 1, 2}));
  ASSERT_EQ(log.warnings().size(), 1U);
  EXPECT_TRUE(log.says("no vertices in RSC; going on without"));
}

TEST(SelectVertices, EmptyResultIsRefused) {
  EXPECT_ERROR(select("RSC"), "\"RSC\" selects no vertex", "\"none\"");
  EXPECT_ERROR(select("V1v - V1v"), "selects no vertex");
}

TEST(SelectVertices, AtlasOfAWiderMatrixIsRefused) {
  EXPECT_ERROR(select_vertices(small_atlas(), "ventral", 7), "ROI \"ventral\" names vertex 7", "have 7 vertices");
}

// Expected: Python's hashlib over numpy.array([0, 1, 2], "<i8").
TEST(SelectVertices, HashIsThatOfTheColumnsHoweverExpressed) {
  EXPECT_EQ(select_vertices(small_atlas(), "V1v", kVertices).hash(),
            "ab25350e3e65efebe24584461683ecda68725576e825e550038b90e7b1479946");
  EXPECT_EQ(select_vertices(small_atlas(), "V1v | V1v", kVertices).hash(),
            select_vertices(small_atlas(), "V1v", kVertices).hash());
  EXPECT_NE(select_vertices(small_atlas(), "V1d", kVertices).hash(),
            select_vertices(small_atlas(), "V1v", kVertices).hash());
}

}  // namespace
}  // namespace fmri2img::data
