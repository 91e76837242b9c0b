#include "fmri2img/reconstruction/low_level.h"

#include <gtest/gtest.h>

#include "fmri2img/io/image.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::reconstruction {
namespace {

/// Knows the answer: the responses are the latents. Counts its rows, and can die on one.
class ReadingDecoder : public decoding::LatentDecoder {
 public:
  at::Tensor predict(const at::Tensor& responses) override {
    rows += responses.size(0);
    return responses.view({-1, 1, kSide, kSide});
  }
  int64_t rows = 0;
};

/// Grey pixels as latents.
class GreyCodec : public models::LatentCodec {
 public:
  std::string name() const override { return "grey"; }
  Json config() const override { return Json::object(); }
  models::LatentShape latent_shape() const override { return {1, kSide, kSide}; }
  models::PictureSize picture_size() const override { return {kSide, kSide, 1}; }
  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator>) override { return pictures; }
  at::Tensor decode(const at::Tensor& latents) override { return latents.clamp(0, 1) + shift; }
  double shift = 0;
};

decoding::DecoderRecord record_of(const data::Subject& subject) {
  decoding::DecoderRecord record;
  record.kind = "ridge";
  record.subject = subject.name();
  record.vertices.num_vertices = kVertices;
  for (int64_t i = 0; i < kVertices; ++i) record.vertices.columns.push_back(i);
  record.train_rows = {0, 1, 2};
  return record;
}

class LowLevel : public ::testing::Test {
 protected:
  Results run(data::Partition partition, std::vector<int64_t> rows) {
    return reconstruct_low_level({subject, record, decoder, codec, "model", {partition, std::move(rows)}, "asked"},
                                 folder / "results");
  }
  at::Tensor read(const std::string& name) { return io::read_image(folder / "results" / name); }

  testing::TemporaryFolder folder;
  data::Subject subject = make_up_subject(folder / "subj01", 5, 3);
  decoding::DecoderRecord record = record_of(subject);
  ReadingDecoder decoder;
  GreyCodec codec;
};

TEST_F(LowLevel, WritesEachTrialBesideItsTarget) {
  codec.shift = 0.5 / 255;  // away from the edge of truncation
  const Results results = run(data::Partition::kTest, {0, 2});
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_EQ(results.rows[1].low, "candidates/model/low_2.png");
  for (const ResultRow& row : results.rows) EXPECT_TRUE(at::equal(read(row.low), read(row.target))) << row.low;
  EXPECT_EQ(results.mean_picture_of, 3);
  EXPECT_EQ(read(results.mean_picture).size(0), kSide);
}

TEST_F(LowLevel, TruncatesToEightBits) {
  codec.shift = 0.999 / 255;
  const Results results = run(data::Partition::kTest, {1});
  EXPECT_TRUE(at::equal(read(results.rows[0].low), read(results.rows[0].target)));
}

TEST_F(LowLevel, MakesOnlyWhatIsNotThereYet) {
  run(data::Partition::kTest, {0, 1, 2});
  std::filesystem::remove(folder / "results/candidates/model/low_1.png");
  decoder.rows = 0;
  run(data::Partition::kTest, {0, 1, 2});
  EXPECT_EQ(decoder.rows, 1);
  EXPECT_TRUE(std::filesystem::exists(folder / "results/candidates/model/low_1.png"));
}

TEST_F(LowLevel, MarksRowsThatWereTrainedOnAndRepeatsOfTheirPictures) {
  const Results results = run(data::Partition::kTrain, {0, 2, 3, 4});  // row 4 shows the picture of row 0 again
  std::vector<bool> seen;
  for (const ResultRow& row : results.rows) seen.push_back(row.trained_on);
  EXPECT_EQ(seen, (std::vector<bool>{true, true, false, true}));
}

TEST_F(LowLevel, RefusesAReconstructionThatIsNotFinite) {
  codec.shift = std::numeric_limits<double>::quiet_NaN();
  EXPECT_ERROR(run(data::Partition::kTest, {1}), "trial 1", "not finite", "doctor");
}

}  // namespace
}  // namespace fmri2img::reconstruction
