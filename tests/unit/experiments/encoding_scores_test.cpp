#include "fmri2img/experiments/encoding_scores.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fmri2img/core/random.h"
#include "fmri2img/experiments/resampled_correlations.h"
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

TEST(ResampledCorrelations, SpreadAsFishersFormulaSays) {
  // The standard error of r over n pictures is (1 - r^2) / sqrt(n - 1).
  at::Generator generator = make_generator(3);
  const at::Tensor a = at::randn({400, 6}, generator, at::kFloat) + 50;
  const at::Tensor b = a + at::randn({400, 6}, generator, at::kFloat);
  const at::Tensor drawn = resampled_correlations(a, b, 2000, 1);
  ASSERT_EQ(drawn.sizes(), (at::IntArrayRef{2000, 6}));
  EXPECT_NEAR(drawn.mean().item<double>(), std::sqrt(.5), .03);
  EXPECT_NEAR(drawn.std(0).mean().item<double>(), .5 / std::sqrt(399.0), .004);
  EXPECT_EQ(
      resampled_correlations(at::ones({5, 1}), a.narrow(0, 0, 5).narrow(1, 0, 1), 10, 1).abs().max().item<double>(), 0);
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
  EXPECT_EQ(finding.tables[0].rows.front()[4], "0.667") << "two of three vertices are predicted without error";
  const findings::ChartSeries& left = finding.charts[2].series.back();
  ASSERT_EQ(left.low.size(), left.y.size());
  EXPECT_LE(left.low.front(), left.y.front());
  EXPECT_GE(left.high.front(), left.y.front());
  EXPECT_THAT(finding.lead, ::testing::HasSubstr("fitted on 40 pictures"));
  double vertices = 0;
  for (const double count : finding.charts[0].series[0].y) vertices += count;
  EXPECT_EQ(vertices, 3) << "the histogram holds every vertex once";
}

}  // namespace
}  // namespace fmri2img::experiments
