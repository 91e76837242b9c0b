#include "fmri2img/reconstruction/seen_pictures.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::reconstruction {
namespace {

Member trained_on(const std::string& name, const std::vector<int64_t>& rows) {
  Member member;
  member.name = name;
  member.record.train_rows = rows;
  return member;
}

TEST(FindSeenPictures, NamesTheRowAndTheSameFileInAnotherRowAndWhoWasTrainedOnThem) {
  const testing::TemporaryFolder folder;
  const data::Subject subject = make_up_subject(folder / "s", 4, 0);
  const std::vector<SeenPicture> seen = find_seen_pictures(
      subject, {data::Partition::kTrain, {0, 1, 3}}, {trained_on("92", {2, 3}), trained_on("94", {3})});
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].trial, 0);
  EXPECT_EQ(seen[0].training_row, 3);
  EXPECT_EQ(seen[0].how, kSameFile);
  EXPECT_EQ(seen[0].models, (std::vector<std::string>{"92", "94"}));
  EXPECT_EQ(seen[1].trial, 3);
  EXPECT_EQ(seen[1].how, kSameRow);
}

TEST(FindSeenPictures, FindsATestPictureThatIsABrighterCopyOfATrainingPicture) {
  const testing::TemporaryFolder folder;
  data::SubjectWriter writer(folder / "s", {.train_rows = 2, .test_rows = 2, .left_vertices = 3});
  const at::Tensor ramp = at::arange(64 * 64 * 3).view({64, 64, 3}).div(64, "floor").to(at::kByte);
  writer.write_responses(data::Partition::kTrain, 0, at::zeros({2, 3}));
  writer.write_responses(data::Partition::kTest, 0, at::zeros({2, 3}));
  writer.write_picture(data::Partition::kTrain, 0, ramp.transpose(0, 1), 13);
  writer.write_picture(data::Partition::kTrain, 1, ramp, 20);
  writer.write_picture(data::Partition::kTest, 0, at::flip(ramp, {0, 1}), 30);
  writer.write_picture(data::Partition::kTest, 1, ramp + 7, 31);
  writer.commit();
  const data::Subject subject = data::Subject::open(folder / "s");
  const Trials trials{data::Partition::kTest, {0, 1}};
  EXPECT_TRUE(find_seen_pictures(subject, trials, {trained_on("92", {0})}).empty());
  const std::vector<SeenPicture> seen = find_seen_pictures(subject, trials, {trained_on("92", {0, 1})});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].picture, "nsd-00031");
  EXPECT_EQ(seen[0].training_picture, "train-0002_nsd-00020.png");
  EXPECT_EQ(seen[0].how, kNearCopy);

  write_seen_pictures(folder.path(), seen);
  const std::vector<SeenPicture> read = read_seen_pictures(folder.path());
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].training_picture, seen[0].training_picture);
  EXPECT_EQ(read[0].similarity, seen[0].similarity);
  EXPECT_TRUE(read_seen_pictures(folder / "none").empty());
}

TEST(AtCodecSize, LeavesAPictureOfThatSizeAloneAndAveragesALargerOne) {
  const at::Tensor picture = at::randint(0, 255, {4, 4, 3}, make_generator(1), at::kByte);
  EXPECT_TRUE(at::equal(at_codec_size(picture, {4, 4, 3}), picture));
  const at::Tensor flat = at::full({8, 8, 3}, 77, at::kByte);
  EXPECT_TRUE(at::equal(at_codec_size(flat, {4, 4, 3}), at::full({4, 4, 3}, 77, at::kByte)));
}

TEST(MeanPicture, IsTheMeanOfTheRowsGiven) {
  const testing::TemporaryFolder folder;
  const data::Pictures pictures = make_up_subject(folder / "s", 4, 0).pictures(data::Partition::kTrain);
  const at::Tensor expected = ((pictures.load(1).to(at::kDouble) + pictures.load(2).to(at::kDouble)) / 2).round();
  int64_t calls = 0;
  const MeanPicture mean = mean_picture(pictures, {1, 2}, {kSide, kSide, 3}, [&] { ++calls; });
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(mean.count, 2);
  EXPECT_TRUE(at::equal(mean.picture, expected.to(at::kByte)));
}

}  // namespace
}  // namespace fmri2img::reconstruction
