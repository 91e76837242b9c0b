#include "fmri2img/experiments/encoding_scores.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "tests/support/errors.h"

namespace fmri2img::experiments {
namespace {

/// 60 pictures of 5 numbers; vertices 0 and 1 are linear in the embeddings, 2 is noise.
class EncodingScoresTest : public ::testing::Test {
 protected:
  EncodingScoresTest() {
    at::Generator generator = make_generator(11);
    embeddings = at::randn({60, 5}, generator, at::kFloat);
    const at::Tensor unit = embeddings / embeddings.norm(2, {1}, /*keepdim=*/true);
    responses =
        at::cat({at::mm(unit, at::randn({5, 2}, generator, at::kFloat)), at::randn({60, 1}, generator, at::kFloat)}, 1);
  }

  EncodingScores score(int64_t first, int64_t count) {
    const auto model =
        reconstruction::EncodingModel::fit(embeddings.narrow(0, 0, 40), responses.narrow(0, 0, 40), {0, 1, 2});
    return score_encoding(
        model, embeddings.narrow(0, first, count), responses.narrow(0, first, count), at::full({3}, 0.5, at::kDouble));
  }

  at::Tensor embeddings, responses;
};

TEST_F(EncodingScoresTest, FindVerticesThatFollowThePictures) {
  const EncodingScores scores = score(40, 20);
  EXPECT_GT(scores.correlations[0].item<double>(), 0.95);
  EXPECT_GT(scores.correlations[1].item<double>(), 0.95);
  EXPECT_LT(std::abs(scores.correlations[2].item<double>()), 0.6);
  EXPECT_EQ(scores.normalised[0].item<double>(), 100) << "the ceiling is below what the model explains";
}

TEST_F(EncodingScoresTest, TooFewPicturesAreRefused) {
  EXPECT_ERROR(score(40, 2), "2 pictures are too few", "--trials");
}

TEST_F(EncodingScoresTest, TablesHaveALineAVertexAndARegion) {
  const EncodingScores scores = score(40, 20);
  const EncodingSetting setting{40, 20, "test rows", "a test", {2, 1}};
  EXPECT_THAT(vertices_csv(scores, setting), ::testing::HasSubstr("\n2,right,0.5,"));
  const std::vector<RoiPart> parts{{"V1v", "left", {0, 1}}};
  EXPECT_THAT(regions_csv(scores, parts), ::testing::HasSubstr("\nV1v,left,2,0.5,"));
  const findings::Finding finding = noise_ceiling_finding(scores, parts, setting);
  EXPECT_EQ(finding.tables[0].rows.front()[0], "all vertices");
  EXPECT_THAT(finding.lead, ::testing::HasSubstr("fitted on 40 pictures"));
  double vertices = 0;
  for (const double count : finding.charts[0].series[0].y) vertices += count;
  EXPECT_EQ(vertices, 3) << "the histogram holds every vertex once";
}

}  // namespace
}  // namespace fmri2img::experiments
