#include "fmri2img/data/subject_writer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/subject.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

TEST(SubjectWriter, WritesHemispheresThatOpenAsWritten) {
  const testing::TemporaryFolder folder;
  const at::Tensor train = testing::made_responses(5, 7, 1);
  const at::Tensor test = testing::made_responses(2, 7, 2);
  SubjectWriter writer(folder / "subj01", {.train_rows = 5, .test_rows = 2, .left_vertices = 4, .right_vertices = 3});
  writer.write_responses(Partition::kTrain, 0, train.narrow(0, 0, 2));
  writer.write_responses(Partition::kTrain, 2, train.narrow(0, 2, 3));
  writer.write_responses(Partition::kTest, 0, test);
  for (int64_t row = 0; row < 5; ++row)
    writer.write_picture(Partition::kTrain, row, testing::made_picture(7), 40 + row);
  for (int64_t row = 0; row < 2; ++row) writer.write_picture(Partition::kTest, row, testing::made_picture(8));
  EXPECT_ERROR(Subject::open(folder / "subj01"), "is no subject folder");  // nothing before commit
  writer.commit();
  const Subject subject = Subject::open(folder / "subj01");
  EXPECT_EQ(subject.responses(Partition::kTrain).vertices_of_files(), (std::vector<int64_t>{4, 3}));
  EXPECT_TRUE(at::equal(subject.responses(Partition::kTrain).gather(all_rows(5), all_rows(7)), train));
  EXPECT_TRUE(at::equal(subject.responses(Partition::kTest).gather(all_rows(2), all_rows(7)), test));
  EXPECT_EQ(subject.pictures(Partition::kTrain).path(4).filename(), "train-0005_nsd-00044.png");
  EXPECT_EQ(subject.pictures(Partition::kTest).path(1).filename(), "test-0002.png");
}

TEST(SubjectWriter, WritesOneMatrixWithoutHemispheres) {
  const testing::TemporaryFolder folder;
  SubjectWriter writer(folder / "s", {.train_rows = 2, .left_vertices = 3});
  writer.write_responses(Partition::kTrain, 0, at::ones({2, 3}, at::kDouble));
  writer.commit();
  EXPECT_EQ(Subject::open(folder / "s").responses(Partition::kTrain).files(),
            (std::vector<fs::path>{whole_file(folder / "s", Partition::kTrain)}));
}

TEST(SubjectWriter, LeavesNothingOfARunThatWasCutOff) {
  const testing::TemporaryFolder folder;
  {
    SubjectWriter writer(folder / "s", {.train_rows = 2, .left_vertices = 3});
    writer.write_responses(Partition::kTrain, 0, at::ones({1, 3}));
  }
  EXPECT_TRUE(fs::is_empty(responses_folder(folder / "s", Partition::kTrain)));
}

TEST(SubjectWriter, AsksForRoomBeforeItWrites) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(SubjectWriter(folder / "s", {.train_rows = int64_t{1} << 30, .left_vertices = int64_t{1} << 20}),
               "the subject's responses need 4.50 PB",
               "make room");
}

TEST(SubjectWriter, FolderThatCannotBeMadeIsNamed) {
  const testing::TemporaryFolder folder;
  write_file(folder / "file", "");
  EXPECT_ERROR(
      SubjectWriter(folder / "file/s", {.train_rows = 1, .left_vertices = 1}), "cannot make the folder", "file/s");
}

}  // namespace
}  // namespace fmri2img::data
