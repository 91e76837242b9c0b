#include "fmri2img/reconstruction/seen_pictures.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::reconstruction {
namespace {

TEST(FindSeenPictures, GoesByContent) {
  const testing::TemporaryFolder folder;
  const data::Pictures pictures = make_up_subject(folder / "s", 4, 0).pictures(data::Partition::kTrain);
  EXPECT_EQ(find_seen_pictures(pictures, {0, 1, 3}, pictures, {2, 3}), (std::vector<bool>{true, false, true}));
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
