#include "fmri2img/data/shared_pictures.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/subject_writer.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

using Ids = std::vector<std::string>;

class Shared : public ::testing::Test {
 protected:
  /// A subject whose training pictures have these NSD numbers, or none where they are negative.
  Subject subject(const std::string& name, const std::vector<int64_t>& numbers) const {
    const auto rows = static_cast<int64_t>(numbers.size());
    SubjectWriter writer(folder / name, {.train_rows = rows, .left_vertices = 2});
    writer.write_responses(Partition::kTrain, 0, at::full({rows, 2}, static_cast<double>(name.back())));
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t number = numbers[static_cast<size_t>(row)];
      const at::Tensor picture = at::zeros({4, 4}, at::kByte);
      if (number < 0) {
        writer.write_picture(Partition::kTrain, row, picture);
      } else {
        writer.write_picture(Partition::kTrain, row, picture, number);
      }
    }
    writer.commit();
    return Subject::open(folder / name);
  }

  testing::TemporaryFolder folder;
};

TEST_F(Shared, PicturesAreThoseOfMoreThanOneSubject) {
  const SharedPictures shared = find_shared_pictures(
      {subject("subj1", {13, 20, 44}), subject("subj2", {20, 31, 44}), subject("subj3", {31, 50})});
  EXPECT_EQ(shared.ids, (Ids{"nsd-00020", "nsd-00031", "nsd-00044"}));
  EXPECT_EQ(shared.of_subject, (std::vector<int64_t>{2, 3, 1}));
}

TEST_F(Shared, ListedPicturesAreThoseThatSomeSubjectHas) {
  const SharedPictures listed =
      find_listed_pictures({subject("subj1", {13, 20})}, {"nsd-00020", "nsd-00013", "nsd-00020", "nsd-70000"});
  EXPECT_EQ(listed.ids, (Ids{"nsd-00013", "nsd-00020"}));
  EXPECT_ERROR(find_listed_pictures({subject("subj2", {13})}, {"nsd-70000"}), "none of the 1 listed pictures");
}

TEST_F(Shared, RefusesWhatSharesNothingOrCannotTell) {
  const Subject first = subject("subj1", {13, 20});
  EXPECT_ERROR(find_shared_pictures({first}), "one subject alone", "--ids");
  EXPECT_ERROR(find_shared_pictures({first, first}), "are the same subject");
  EXPECT_ERROR(find_shared_pictures({first, subject("subj2", {14})}), "no picture is in the training splits");
  EXPECT_ERROR(find_shared_pictures({first, subject("subj3", {-1})}), "train-0001.png", "no NSD number");
}

TEST_F(Shared, IdsAreReadFromLinesWithComments) {
  write_file(folder / "ids.txt", "# all\r\n\n nsd-00013 # first\nnsd-00020\n");
  EXPECT_EQ(read_picture_ids(folder / "ids.txt"), (Ids{"nsd-00013", "nsd-00020"}));
  write_file(folder / "ids.txt", "nsd-00013\n2951\n");
  EXPECT_ERROR(read_picture_ids(folder / "ids.txt"), "line 2", "\"2951\" is a bare number", "nsd-02950");
  write_file(folder / "ids.txt", "# nothing\n");
  EXPECT_ERROR(read_picture_ids(folder / "ids.txt"), "lists no picture");
}

}  // namespace
}  // namespace fmri2img::data
