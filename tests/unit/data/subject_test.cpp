#include "fmri2img/data/subject.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/latents.h"
#include "fmri2img/data/rows.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using testing::kLeftVertices;
using testing::kRightVertices;
using testing::kTestRows;
using testing::kTrainRows;

class SubjectFolder : public ::testing::Test {
 protected:
  SubjectFolder() { testing::make_subject(path()); }

  fs::path path() const { return folder / "subj01"; }
  Subject open() const { return Subject::open(path()); }
  std::vector<fs::path> train_files() const { return hemisphere_files(path(), Partition::kTrain); }

  /// The matrix of both hemispheres in place of their files.
  void join_hemispheres() const {
    const at::Tensor whole =
        open().responses(Partition::kTrain).gather(all_rows(kTrainRows), all_rows(kLeftVertices + kRightVertices));
    io::write_npy(whole_file(path(), Partition::kTrain), whole);
    for (const fs::path& file : train_files()) fs::remove(file);
  }

  void write_test_responses(int64_t left, int64_t right) const {
    const std::vector<fs::path> files = hemisphere_files(path(), Partition::kTest);
    fs::create_directories(files[0].parent_path());
    io::write_npy(files[0], testing::made_responses(kTestRows, left, 3));
    io::write_npy(files[1], testing::made_responses(kTestRows, right, 4));
  }

  testing::TemporaryFolder folder;
};

TEST_F(SubjectFolder, OpensAsTheChallengeGivesIt) {
  const Subject subject = open();
  EXPECT_EQ(subject.name(), "subj01");
  EXPECT_EQ(subject.num_vertices(), kLeftVertices + kRightVertices);
  EXPECT_EQ(subject.num_rows(Partition::kTrain), kTrainRows);
  EXPECT_EQ(subject.num_rows(Partition::kTest), kTestRows) << "pictures without responses";
  EXPECT_FALSE(subject.has_responses(Partition::kTest));
  EXPECT_EQ(subject.pictures(Partition::kTrain).id(0), "nsd-00013");
  EXPECT_EQ(subject.latents(), std::nullopt);
  EXPECT_EQ(select_vertices(subject, "set3").columns.size(), 14U);
  EXPECT_EQ(Subject::open(path() / "").name(), "subj01") << "a slash at the end";
}

TEST_F(SubjectFolder, OpensWithTestResponsesOfACourse) {
  write_test_responses(kLeftVertices, kRightVertices);
  EXPECT_EQ(open().responses(Partition::kTest).rows(), kTestRows);
}

TEST_F(SubjectFolder, OpensWithoutHemispheres) {
  const at::Tensor before = open().responses(Partition::kTrain).gather({3}, {0, 12});
  join_hemispheres();
  const Subject subject = open();
  EXPECT_EQ(subject.num_vertices(), kLeftVertices + kRightVertices);
  EXPECT_TRUE(at::equal(subject.responses(Partition::kTrain).gather({3}, {0, 12}), before));
  EXPECT_EQ(subject.rois().vertices("V1v"), (std::vector<int64_t>{0, kLeftVertices}));
}

TEST_F(SubjectFolder, OpensWithPicturesThatHaveNumbersForNames) {
  const Subject before = open();
  for (int64_t row = 0; row < kTrainRows; ++row) {
    const fs::path& file = before.pictures(Partition::kTrain).path(row);
    fs::rename(file, file.parent_path() / fmt::format("{}.png", row));
  }
  const Subject subject = open();
  EXPECT_EQ(subject.pictures(Partition::kTrain).id(11), "11");
  EXPECT_TRUE(at::equal(subject.pictures(Partition::kTrain).load(11), testing::made_picture(111)));
}

TEST_F(SubjectFolder, OpensWithoutRoiFilesOrPictures) {
  fs::remove_all(roi_folder(path()));
  fs::remove_all(pictures_folder(path(), Partition::kTrain));
  const Subject subject = open();
  EXPECT_TRUE(subject.rois().names().empty());
  EXPECT_EQ(select_vertices(subject, "none").columns.size(), 18U);
  EXPECT_FALSE(subject.has_pictures(Partition::kTrain));
  EXPECT_ERROR(subject.pictures(Partition::kTrain), "\"subj01\" has no train pictures", "training_images");
  EXPECT_ERROR(select_vertices(subject, "V1v"), "no ROI files", "vertices of subject \"subj01\"");
}

TEST_F(SubjectFolder, FindsStoredLatents) {
  io::write_npy(latents_file(path()), at::zeros({kTrainRows, 1, 4, 8, 8}));
  ASSERT_TRUE(open().latents());
  EXPECT_EQ(Latents(*open().latents(), kTrainRows).channels(), 4);
}

// Damage that only reading would show does not stop opening.
TEST_F(SubjectFolder, OpeningReadsHeadersOnly) {
  write_file(pictures_folder(path(), Partition::kTrain) / picture_file_name(Partition::kTrain, 4, 41), "no picture");
  write_file(roi_folder(path()) / "mapping_prf-visualrois.npy", "no mapping");
  fs::remove(whole_file(path(), Partition::kTrain));
  for (const fs::path& file : train_files()) testing::write_sparse_npy(file, {kTrainRows, int64_t{1} << 31});
  const Subject subject = open();  // 206 GB that nobody could read
  EXPECT_EQ(subject.num_vertices(), int64_t{1} << 32);
  EXPECT_ERROR(subject.rois(), "mapping_prf-visualrois.npy");
}

TEST_F(SubjectFolder, FingerprintFollowsTheResponsesNotTheName) {
  const std::string before = open().fingerprint();
  fs::rename(path(), folder / "renamed");
  EXPECT_EQ(Subject::open(folder / "renamed").fingerprint(), before);
  io::write_npy(hemisphere_files(folder / "renamed", Partition::kTrain)[1],
                testing::made_responses(kTrainRows, kRightVertices, 9));
  EXPECT_NE(Subject::open(folder / "renamed").fingerprint(), before);
}

TEST_F(SubjectFolder, MissingHemisphereIsNamed) {
  fs::remove(train_files()[1]);
  EXPECT_ERROR(open(),
               "rh_training_fmri.npy\" is missing",
               "\"lh_training_fmri.npy\" is there",
               "right hemisphere",
               "called training_fmri.npy");
}

TEST_F(SubjectFolder, MissingLeftHemisphereIsNamed) {
  fs::remove(train_files()[0]);
  EXPECT_ERROR(open(), "lh_training_fmri.npy\" is missing", "left hemisphere");
}

TEST_F(SubjectFolder, HemispheresOfDifferentLengthsAreNamed) {
  io::write_npy(train_files()[1], testing::made_responses(kTrainRows + 1, kRightVertices, 1));
  EXPECT_ERROR(open(), "lh_training_fmri.npy\" has 12", "rh_training_fmri.npy\" has 13");
}

TEST_F(SubjectFolder, PictureCountMustBeThatOfTheRows) {
  fs::remove(pictures_folder(path(), Partition::kTrain) / picture_file_name(Partition::kTrain, 4, 41));
  EXPECT_ERROR(open(), "has 12 rows", "has 11 pictures", "one picture a row", "fmri2img doctor");
}

TEST_F(SubjectFolder, TestResponsesMustHaveTheSameVertices) {
  write_test_responses(kLeftVertices + 1, kRightVertices - 1);
  EXPECT_ERROR(open(), "test_fmri", "must come from the same subject");
}

TEST_F(SubjectFolder, OtherFoldersAreRefusedWithTheWayOut) {
  EXPECT_ERROR(Subject::open(folder / "subj99"), "there is no subject folder", "subj99");
  fs::create_directory(folder / "empty");
  EXPECT_ERROR(Subject::open(folder / "empty"),
               "is no subject folder",
               "lh_training_fmri.npy",
               "training_fmri.npy",
               "fmri2img convert");
  EXPECT_ERROR(Subject::open(folder.path()), "there are subjects in it: choose one, such as", "subj01\"");
  EXPECT_ERROR(open().responses(Partition::kTest), "\"subj01\" has no test responses", "test_fmri");
}

}  // namespace
}  // namespace fmri2img::data
