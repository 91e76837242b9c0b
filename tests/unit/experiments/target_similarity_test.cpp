#include "fmri2img/experiments/target_similarity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/json.h"
#include "fmri2img/models/pixels_codec.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/voting/embeddings.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/mock_models.h"

namespace fmri2img::experiments {
namespace {

using reconstruction::MockState;

/// The mocks of the reconstruction's tests around a real codec of pixels, so that targets can be encoded.
class TargetSimilarityTest : public ::testing::Test {
 protected:
  TargetSimilarityTest() : subject(reconstruction::make_up_subject(folder / "subj", 12, 0)) {}

  reconstruction::Member member(const std::string& name) const {
    reconstruction::Member made = reconstruction::mock_member(name, {4, 1, 6, 0});
    made.record.validation_rows = {9, 3, 7};
    made.record.codec =
        models::PixelsCodec(models::PictureSize{reconstruction::kSide, reconstruction::kSide, 1}).config();
    return made;
  }

  SimilarityJob job(MockState& state, int64_t count, SimilarityTarget target = SimilarityTarget::kLatents) {
    SimilarityJob made{.run = {subject, {}, {}, {}, reconstruction::mock_openers(state)},
                       .members = {member("a"), member("b")},
                       .count = count,
                       .target = target};
    made.run.guided = true;
    made.run.votes = {made.run.vote};
    return made;
  }

  testing::TemporaryFolder folder;
  data::Subject subject;
};

TEST_F(TargetSimilarityTest, TakesTheFirstRowsOfEachDecodersOwnParts) {
  MockState state;
  const std::vector<PartValues> parts = target_similarities(job(state, 2), folder / "out");
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].decoder, "a");
  EXPECT_EQ(parts[0].part, "training rows");
  EXPECT_EQ(parts[0].measured.rows, (std::vector<int64_t>{1, 4}));
  EXPECT_EQ(parts[1].measured.rows, (std::vector<int64_t>{3, 9}));
  EXPECT_EQ(parts[3].part, "validation rows");
}

TEST_F(TargetSimilarityTest, ComparesHighLevelImagesWithTheirTargets) {
  MockState state;
  const std::vector<PartValues> parts = target_similarities(job(state, 1, SimilarityTarget::kPicture), folder / "out");
  const auto embeddings =
      reconstruction::read_embeddings(folder / "out/runs/a_training" / reconstruction::embeddings_file(4), 1);
  EXPECT_DOUBLE_EQ(parts[0].measured.values[0], reconstruction::cosines_of(embeddings).high_target[0]);
}

TEST_F(TargetSimilarityTest, DecodedPixelsAreThePicture) {
  MockState state;
  const auto latents = target_similarities(job(state, 2), folder / "latents");
  const auto pictures = target_similarities(job(state, 2, SimilarityTarget::kPicture), folder / "pictures");
  for (size_t part = 0; part < latents.size(); ++part) {
    for (size_t i = 0; i < 2; ++i) {
      // Truncation to 8 bits may take a level.
      EXPECT_NEAR(latents[part].measured.values[i], pictures[part].measured.values[i], 1e-3);
    }
  }
}

TEST_F(TargetSimilarityTest, GoesOnWhereItStopped) {
  MockState whole_state;
  const auto whole = target_similarities(job(whole_state, 2), folder / "whole");
  MockState cut_state;
  for (const int64_t allowed : {3, 5, 9}) {
    cut_state.limit = {.calls = 0, .allowed = allowed};
    EXPECT_ERROR(target_similarities(job(cut_state, 2), folder / "cut"), "killed");
  }
  cut_state.limit = {};
  const auto cut = target_similarities(job(cut_state, 2), folder / "cut");
  for (size_t part = 0; part < whole.size(); ++part) {
    EXPECT_EQ(cut[part].measured.values, whole[part].measured.values);
  }
  for (const auto& [seed, times] : cut_state.refined) EXPECT_LE(times, 2) << "seed " << seed << " of decoders a and b";
  const int64_t opened = cut_state.opened["refiner"];
  target_similarities(job(cut_state, 2), folder / "cut");
  EXPECT_EQ(cut_state.opened["refiner"], opened) << "everything was there";
}

TEST_F(TargetSimilarityTest, RefusesDecodersWhoseLatentsDoNotCompare) {
  MockState state;
  SimilarityJob two = job(state, 1);
  two.members[1].record.codec["height"] = 8;
  EXPECT_ERROR(check_similarity_job(two), "\"a\" and \"b\"", "different codecs", "--target picture");
  two.target = SimilarityTarget::kPicture;
  EXPECT_NO_THROW(check_similarity_job(two));
}

TEST(SimilaritiesFinding, SaysWhatRowsWere) {
  const std::vector<PartValues> parts{{"92", kTrainingPart, {{0, 1}, {.5, .7}}},
                                      {"92", kValidationPart, {{3, 4}, {.4, .6}}}};
  const findings::Finding finding = similarities_finding(parts, SimilarityTarget::kPicture, 42);
  EXPECT_EQ(finding.tables[0].rows[0][1], "training rows");
  EXPECT_THAT(finding.tables[0].rows[0][3], ::testing::StartsWith("0.6000 ["));
  EXPECT_EQ(finding.tables[1].rows[3], (std::vector<std::string>{"100", "0.559", "0.535"}));
  EXPECT_THAT(finding.notes, ::testing::Contains(::testing::HasSubstr("compare with the pictures")));
  EXPECT_THAT(similarities_csv(parts, 42), ::testing::HasSubstr("92,validation rows,2,0.5,"));
}

}  // namespace
}  // namespace fmri2img::experiments
