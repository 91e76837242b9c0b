// Claims: a subject that is not as it must be ends `train` with exit code 3 and a message that names file, expected and
// found, before anything is trained; what can be converted is, and a message says so once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::kLeftVertices;
using testing::kRightVertices;
using testing::kTrainRows;
using testing::ProgramResult;
using testing::run_program;

class TrainOn : public ::testing::Test {
 protected:
  TrainOn() { testing::make_subject(subject()); }

  fs::path subject() const { return folder / "subj01"; }
  fs::path left() const { return data::hemisphere_files(subject(), data::Partition::kTrain)[0]; }
  fs::path right() const { return data::hemisphere_files(subject(), data::Partition::kTrain)[1]; }
  fs::path picture(int64_t row) const {
    return data::pictures_folder(subject(), data::Partition::kTrain) /
           data::picture_file_name(data::Partition::kTrain, row, 13 + 7 * row);
  }
  ProgramResult train(const std::string& options = {}) const {
    return run_program("train " + subject().string() + options + " --out " + (folder / "decoder").string());
  }
  /// Exit code 3, the message, and no decoder left behind.
  template <class Matcher> void expect_refused(const Matcher& message, const std::string& options = {}) const {
    const ProgramResult result = train(options);
    EXPECT_EQ(result.exit_code, 3) << result.err;
    EXPECT_THAT(result.err, message);
    EXPECT_FALSE(fs::exists(folder / "decoder/config.json"));
  }
  void expect_trained_saying(const std::string& message) const {
    const ProgramResult result = train();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const size_t first = result.err.find(message);
    ASSERT_NE(first, std::string::npos) << result.err;
    EXPECT_EQ(result.err.find(message, first + 1), std::string::npos) << "said twice:\n" << result.err;
  }

  testing::TemporaryFolder folder;
};

TEST_F(TrainOn, MissingHemisphere) {
  fs::remove(right());
  expect_refused(AllOf(HasSubstr("rh_training_fmri.npy\" is missing"), HasSubstr("\"lh_training_fmri.npy\" is there")));
}

TEST_F(TrainOn, HemispheresWithDifferentRows) {
  io::write_npy(right(), testing::made_responses(kTrainRows - 1, kRightVertices, 2));
  expect_refused(AllOf(HasSubstr("lh_training_fmri.npy\" has 12"), HasSubstr("rh_training_fmri.npy\" has 11")));
}

TEST_F(TrainOn, PicturesThatAreNotOneARow) {
  fs::remove(picture(5));
  expect_refused(AllOf(HasSubstr("has 12 rows"), HasSubstr("has 11 pictures"), HasSubstr("fmri2img doctor")));
}

TEST_F(TrainOn, ResponsesOfOtherTypesAreConvertedAndThatIsSaidOnce) {
  const at::Tensor values = testing::made_responses(kTrainRows, kLeftVertices, 1);
  io::write_npy(left(), values.to(at::kDouble));
  expect_trained_saying("lh_training_fmri.npy\" holds float64: converted to float32");
}

TEST_F(TrainOn, IntegerResponsesAreConvertedAndThatIsSaidOnce) {
  io::write_npy(left(), (testing::made_responses(kTrainRows, kLeftVertices, 1) * 300).to(at::kShort));
  expect_trained_saying("lh_training_fmri.npy\" holds int16: converted to float32");
}

TEST_F(TrainOn, FortranOrderGivesTheSameDecoder) {
  EXPECT_EQ(train().exit_code, 0);
  const std::string weights = read_file(folder / "decoder/model.safetensors");
  fs::remove_all(folder / "decoder");
  std::string header = io::format_npy_header(at::kFloat, {kTrainRows, kLeftVertices});
  header.replace(header.find("False,"), 6, "True, ");
  const at::Tensor stored = testing::made_responses(kTrainRows, kLeftVertices, 1).t().contiguous();
  write_file(left(), header + std::string(static_cast<const char*>(stored.const_data_ptr()), stored.nbytes()));
  expect_trained_saying("lh_training_fmri.npy\" holds float32 in Fortran order: converted to float32");
  EXPECT_EQ(read_file(folder / "decoder/model.safetensors"), weights);
}

TEST_F(TrainOn, ResponsesThatAreNotFinite) {
  at::Tensor values = testing::made_responses(kTrainRows, kLeftVertices, 1);
  values[3][7] = NAN;
  io::write_npy(left(), values);
  expect_refused(AllOf(HasSubstr("vertex 7"), HasSubstr("NaN"), HasSubstr("fmri2img doctor")));
}

TEST_F(TrainOn, LatentsOfAnotherNumberOfPictures) {
  io::write_npy(data::latents_file(subject()), at::zeros({5, 1, 4, 8, 8}));
  expect_refused(AllOf(HasSubstr("fMRI_VAE.npy\" holds the latents of 5 pictures"),
                       HasSubstr("12 training pictures"),
                       HasSubstr("fmri2img encode")));
}

TEST_F(TrainOn, GreyPicturesAreFine) {
  for (int64_t row = 0; row < kTrainRows; ++row) {
    io::write_png(picture(row), testing::made_picture(static_cast<uint64_t>(row), 425, 425).select(2, 0));
  }
  const ProgramResult result = train();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err.find("warning"), std::string::npos) << result.err;
}

TEST_F(TrainOn, AlphaAndSixteenBitsAreNamedOnceEach) {
  for (const auto& [row, name] : {std::pair{2, "rgba8.png"}, {3, "rgba8.png"}, {4, "grey16.png"}, {5, "grey16.png"}}) {
    fs::copy_file(testing::test_data("io_models/pictures") / name, picture(row), fs::copy_options::overwrite_existing);
  }
  expect_trained_saying("has an alpha channel: it is dropped");
  fs::remove_all(folder / "decoder");
  expect_trained_saying("has 16 bits a channel: they are cut to 8");
}

TEST_F(TrainOn, DamagedPicture) {
  write_file(picture(6), read_file(picture(6)).substr(0, 90));
  expect_refused(AllOf(HasSubstr("train-0007_nsd-00055.png"), HasSubstr("not a whole PNG picture")));
}

TEST_F(TrainOn, RegionsWithoutAVertex) {
  for (const auto& [side, vertices] : {std::pair{"lh.", kLeftVertices}, std::pair{"rh.", kRightVertices}}) {
    io::write_npy(data::roi_folder(subject()) / (std::string(side) + "floc-places_challenge_space.npy"),
                  at::zeros({vertices}, at::kLong));
  }
  expect_refused(AllOf(HasSubstr("\"PPA & RSC\" selects no vertex"), HasSubstr("\"none\" for every vertex")),
                 " --roi 'PPA & RSC'");
  expect_refused(AllOf(HasSubstr("no ROI or set \"PPB\""), HasSubstr("PPA")), " --roi PPB");
}

}  // namespace
}  // namespace fmri2img::commands
