#include <gtest/gtest.h>

#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/reconstruct.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/mock_models.h"

namespace fmri2img::reconstruction {
namespace {

class LowLevel : public ::testing::Test {
 protected:
  Results run(data::Partition partition, std::vector<int64_t> rows) {
    job.trials = {partition, std::move(rows)};
    return reconstruct(job, folder / "results").results;
  }
  at::Tensor read(const std::string& name) { return io::read_image(folder / "results" / name); }

  testing::TemporaryFolder folder;
  MockState state;
  data::Subject subject = make_up_subject(folder / "subj01", 5, 3);
  ReconstructionJob job{subject, {mock_member("a", {0, 1, 2})}, {}, "asked", mock_openers(state)};
};

TEST_F(LowLevel, WritesEachTrialBesideItsTarget) {
  state.shift = 0.5 / 255;  // away from the edge of truncation
  const Results results = run(data::Partition::kTest, {0, 2});
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_EQ(results.rows[1].low, "candidates/a/low_2.png");
  for (const ResultRow& row : results.rows) EXPECT_TRUE(at::equal(read(row.low), read(row.target))) << row.low;
  EXPECT_EQ(results.mean_picture_of, 3);
  EXPECT_EQ(read(results.mean_picture).size(0), kSide);
  EXPECT_EQ(state.opened.count("captioner"), 0U);
}

TEST_F(LowLevel, TruncatesToEightBits) {
  state.shift = 0.999 / 255;
  const Results results = run(data::Partition::kTest, {1});
  EXPECT_TRUE(at::equal(read(results.rows[0].low), read(results.rows[0].target)));
}

TEST_F(LowLevel, OfSeveralModelsHasARowForEach) {
  job.members.push_back(mock_member("b", {3}));
  const Results results = run(data::Partition::kTest, {0, 2});
  ASSERT_EQ(results.rows.size(), 4U);
  EXPECT_EQ(results.models, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(results.rows[1].model, "b");
  EXPECT_EQ(state.opened["codec"], 1) << "both have the same";
}

TEST_F(LowLevel, MakesOnlyWhatIsNotThereYet) {
  run(data::Partition::kTest, {0, 1, 2});
  const auto time = std::filesystem::last_write_time(folder / "results/candidates/a/low_0.png");
  std::filesystem::remove(folder / "results/candidates/a/low_1.png");
  run(data::Partition::kTest, {0, 1, 2});
  EXPECT_TRUE(std::filesystem::exists(folder / "results/candidates/a/low_1.png"));
  EXPECT_EQ(std::filesystem::last_write_time(folder / "results/candidates/a/low_0.png"), time);
}

TEST_F(LowLevel, MarksRowsThatWereTrainedOnAndRepeatsOfTheirPictures) {
  const Results results = run(data::Partition::kTrain, {0, 2, 3, 4});  // row 4 shows the picture of row 0 again
  std::vector<bool> seen;
  for (const ResultRow& row : results.rows) seen.push_back(row.trained_on);
  EXPECT_EQ(seen, (std::vector<bool>{true, true, false, true}));
}

TEST_F(LowLevel, RefusesAReconstructionThatIsNotFinite) {
  state.shift = std::numeric_limits<double>::quiet_NaN();
  EXPECT_ERROR(run(data::Partition::kTest, {1}), "trial 1", "not finite", "doctor");
}

TEST_F(LowLevel, RefusesMembersWhosePicturesDifferInSize) {
  job.members.push_back(mock_member("b", {3}));
  job.members.back().record.codec = {{"name", "larger"}};
  job.open.codec = [this](const Json& config) {
    return std::make_unique<GreyCodec>(state, config["name"] == "larger" ? 2 * kSide : kSide);
  };
  EXPECT_ERROR(check_codecs(job), "\"a\" and \"b\"", "4 x 4 and 8 x 8", "its own run");
}

}  // namespace
}  // namespace fmri2img::reconstruction
