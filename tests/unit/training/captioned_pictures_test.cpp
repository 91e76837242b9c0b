#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/image.h"
#include "fmri2img/simulation/caption.h"
#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/training/zoo/pictures/hold_out_pictures.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

using ::testing::ElementsAre;

CaptionedBatch read(const CaptionedPictures& pictures, const std::vector<int64_t>& rows) {
  return pictures.read(rows);
}

/// All of one colour channel, the others black.
at::Tensor plain_picture(int64_t channel, int64_t height = 4, int64_t width = 4) {
  at::Tensor picture = at::zeros({height, width, 3}, at::kByte);
  picture.select(2, channel).fill_(200);
  return picture;
}

/// Pictures 2.png (red) and 10.png (green), without captions.
void make_two_pictures(const std::filesystem::path& folder) {
  io::write_png(folder / "2.png", plain_picture(0));
  io::write_png(folder / "10.png", plain_picture(1));
}

TEST(DrawnScenes, AreTheScenesOfTheSeedWithTheirCaptions) {
  const auto scenes = drawn_scenes(7, 50);
  EXPECT_EQ(scenes->size(), 50);
  EXPECT_EQ(scenes->side(), 64);
  EXPECT_EQ(scenes->description(), "50 drawn scenes of seed 7");
  const CaptionedBatch batch = read(*scenes, {49, 0, 49});
  ASSERT_EQ(batch.pictures.sizes(), (std::vector<int64_t>{3, 3, 64, 64}));
  EXPECT_EQ(batch.pictures.scalar_type(), at::kByte);
  const simulation::Scene last = simulation::make_scene(7, 49);
  EXPECT_TRUE(at::equal(batch.pictures[0].permute({1, 2, 0}), to_picture(paint_scene(last, 64))));
  EXPECT_TRUE(at::equal(batch.pictures[0], batch.pictures[2]));
  EXPECT_EQ(batch.captions[0], simulation::caption(last));
  EXPECT_EQ(batch.captions[1], simulation::caption(simulation::make_scene(7, 0)));
}

TEST(DrawnScenes, AreReadByManyThreads) {
  const auto scenes = drawn_scenes(7, 8);
  std::vector<CaptionedBatch> batches(4);
  {
    std::vector<std::jthread> readers;
    for (CaptionedBatch& batch : batches)
      readers.emplace_back([&] { batch = read(*scenes, {0, 1, 2, 3, 4, 5, 6, 7}); });
  }
  for (const CaptionedBatch& batch : batches) {
    EXPECT_TRUE(at::equal(batch.pictures, batches[0].pictures));
    EXPECT_EQ(batch.captions, batches[0].captions);
  }
}

TEST(DrawnScenes, MustBeSome) {
  EXPECT_ERROR(drawn_scenes(1, 0), "0 drawn scenes", "at least 1");
}

TEST(CaptionedFolder, ReadsMetadataInTheOrderOfThePictures) {
  const testing::TemporaryFolder folder;
  make_two_pictures(folder.path());
  write_file(folder / "metadata.jsonl",
             "{\"file_name\": \"10.png\", \"text\": \" green \"}\n\n{\"file_name\": \"2.png\", \"text\": \"red\", "
             "\"n\": 1}\n");
  write_file(folder / "notes.txt", "not a caption where there is metadata");
  const auto pictures = open_captioned_folder(folder.path(), 4);
  EXPECT_EQ(pictures->size(), 2);
  EXPECT_THAT(pictures->description(), ::testing::HasSubstr(folder.path().string()));
  const CaptionedBatch batch = read(*pictures, {1, 0, 0});
  EXPECT_THAT(batch.captions, ElementsAre("green", "red", "red"));
  EXPECT_TRUE(at::equal(batch.pictures[0].permute({1, 2, 0}), plain_picture(1)));
  EXPECT_TRUE(at::equal(batch.pictures[1].permute({1, 2, 0}), plain_picture(0)));
}

TEST(CaptionedFolder, ReadsTextBesideThePictures) {
  const testing::TemporaryFolder folder;
  make_two_pictures(folder.path());
  write_file(folder / "2.txt", "red\n");
  write_file(folder / "10.txt", "a green\npicture");
  write_file(folder / ".hidden.txt", "nothing");
  EXPECT_THAT(read(*open_captioned_folder(folder.path(), 4), {0, 1}).captions, ElementsAre("red", "a green\npicture"));
}

TEST(CaptionedFolder, CutsTheMiddleSquareAndResizesIt) {
  const testing::TemporaryFolder folder;
  at::Tensor wide = plain_picture(0, 6, 18);
  wide.narrow(1, 6, 6).copy_(plain_picture(2, 6, 6));
  io::write_png(folder / "wide.png", wide);
  io::write_png(folder / "x-tall.png", wide.transpose(0, 1).contiguous());
  write_file(folder / "wide.txt", "wide");
  write_file(folder / "x-tall.txt", "tall");
  const auto pictures = open_captioned_folder(folder.path(), 3);
  EXPECT_EQ(pictures->side(), 3);
  for (const int64_t row : {0, 1}) {
    EXPECT_TRUE(at::equal(read(*pictures, {row}).pictures[0].permute({1, 2, 0}), plain_picture(2, 3, 3)));
  }
}

TEST(CaptionedFolder, NamesWhatHasNoCounterpart) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(open_captioned_folder(folder / "none", 4), "cannot list", "none");
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "holds no PNG or JPEG pictures");
  make_two_pictures(folder.path());
  EXPECT_ERROR(open_captioned_folder(folder.path(), 0), "sides of 0 pixels");
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "2.png\" has no caption", "metadata.jsonl", "2.txt");
  write_file(folder / "2.txt", "red");
  write_file(folder / "10.txt", "green");
  write_file(folder / "lost.txt", "a lost caption");
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "\"lost\"", "a lost caption", "no PNG or JPEG picture");
  std::filesystem::remove(folder / "lost.txt");
  io::write_png(folder / "2.PNG", plain_picture(2));
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "2.PNG", "2.png", "share the caption 2.txt", "metadata.jsonl");
}

TEST(CaptionedFolder, NamesTheLineThatIsWrong) {
  const testing::TemporaryFolder folder;
  make_two_pictures(folder.path());
  const auto opened = [&](const std::string& second_line) {
    write_file(folder / "metadata.jsonl", "{\"file_name\": \"2.png\", \"text\": \"red\"}\n" + second_line);
    return open_captioned_folder(folder.path(), 4);
  };
  EXPECT_ERROR(opened("{"), "metadata.jsonl\", line 2");
  EXPECT_ERROR(opened("[]"), "metadata.jsonl\", line 2");
  EXPECT_ERROR(opened(R"({"text": "green"})"), "line 2", "\"file_name\" is missing");
  EXPECT_ERROR(opened(R"({"file_name": "10.png"})"), "line 2", "\"text\" is missing");
  EXPECT_ERROR(opened(R"({"file_name": "10.png", "text": 3})"), "line 2", "\"text\" is 3");
  EXPECT_ERROR(opened(R"({"file_name": "10.png", "text": " "})"), "line 2", "the caption is empty");
  EXPECT_ERROR(opened(R"({"file_name": "2.png", "text": "red"})"), "line 2", "\"2.png\" has a caption already");
  EXPECT_ERROR(opened(R"({"file_name": "3.png", "text": "blue"})"), "10.png\" has no caption");
}

TEST(CaptionedFolder, NamesTheTextThatIsNoCaption) {
  const testing::TemporaryFolder folder;
  make_two_pictures(folder.path());
  write_file(folder / "2.txt", "\n");
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "2.txt\": the caption is empty");
  write_file(folder / "2.txt", "caf\xE9");
  EXPECT_ERROR(open_captioned_folder(folder.path(), 4), "not UTF-8", "2.txt");
}

TEST(CaptionedFolder, NamesThePictureThatCannotBeRead) {
  const testing::TemporaryFolder folder;
  write_file(folder / "broken.png", "no picture");
  write_file(folder / "broken.txt", "a caption");
  const auto pictures = open_captioned_folder(folder.path(), 4);
  EXPECT_ERROR(read(*pictures, {0}), "broken.png");
  EXPECT_ERROR(read(*pictures, {1}), "there is no picture 1");
}

TEST(HoldOutPictures, KeepsEveryTenthForValidation) {
  const auto scenes = drawn_scenes(3, 25);
  const HeldOutPictures split = hold_out_pictures(*scenes);
  ASSERT_EQ(split.learned->size(), 22);
  ASSERT_EQ(split.validation->size(), 3);
  EXPECT_EQ(split.validation->caption(1), scenes->caption(10));
  EXPECT_EQ(split.learned->caption(9), scenes->caption(11));
  const std::vector<int64_t> one = {2}, same = {20};
  EXPECT_TRUE(at::equal(split.validation->read(one).pictures, scenes->read(same).pictures));
  EXPECT_ERROR(hold_out_pictures(*drawn_scenes(3, 19)), "at least 20");
}

}  // namespace
}  // namespace fmri2img::training
