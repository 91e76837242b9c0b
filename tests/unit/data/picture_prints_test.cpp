#include "fmri2img/data/picture_prints.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <map>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/random.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/resize_image.h"
#include "fmri2img/simulation/paint_scene.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

#include <jpeglib.h>

namespace fmri2img::data {
namespace {

using testing::TemporaryFolder;

constexpr int64_t kScenes = 1500;
constexpr int64_t kCopied = 200;

at::Tensor scene(int64_t index) {
  return simulation::to_picture(simulation::paint_scene(simulation::make_scene(42, index), 64));
}

/// `picture` as a JPEG file gives it back.
at::Tensor through_jpeg(const at::Tensor& picture, int quality) {
  jpeg_compress_struct encoder;
  jpeg_error_mgr errors;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's own type
  jpeg_mem_dest(&encoder, &bytes, &size);
  encoder.image_height = static_cast<JDIMENSION>(picture.size(0));
  encoder.image_width = static_cast<JDIMENSION>(picture.size(1));
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, quality, TRUE);
  jpeg_start_compress(&encoder, TRUE);
  at::Tensor pixels = picture.contiguous();
  for (int64_t row = 0; row < pixels.size(0); ++row) {
    JSAMPROW line = pixels[row].mutable_data_ptr<uint8_t>();
    jpeg_write_scanlines(&encoder, &line, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  const TemporaryFolder folder;
  write_file(folder / "copy.jpg", std::string_view(reinterpret_cast<const char*>(bytes), size));
  std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg allocates so
  return io::read_image(folder / "copy.jpg");
}

at::Tensor resized(const at::Tensor& picture, double factor) {
  const auto side = [&](int64_t dimension) {
    return static_cast<int64_t>(static_cast<double>(picture.size(dimension)) * factor);
  };
  return io::resize_image(picture, side(0), side(1), io::Filter::kBicubic);
}

at::Tensor brighter(const at::Tensor& picture, double gain, double offset) {
  return (picture.to(at::kDouble) * gain + offset).round().clamp(0, 255).to(at::kByte);
}

using Change = std::function<at::Tensor(const at::Tensor&)>;

const std::map<std::string, Change>& changes() {
  static const std::map<std::string, Change> kChanges{
      {"JPEG 90", [](const at::Tensor& picture) { return through_jpeg(picture, 90); }},
      {"JPEG 50", [](const at::Tensor& picture) { return through_jpeg(picture, 50); }},
      {"doubled", [](const at::Tensor& picture) { return resized(picture, 2); }},
      {"to .83", [](const at::Tensor& picture) { return resized(picture, .83); }},
      {"brighter by 12", [](const at::Tensor& picture) { return brighter(picture, 1, 12); }},
      {"less contrast", [](const at::Tensor& picture) { return brighter(picture, .85, 15); }},
      {"10 % brighter", [](const at::Tensor& picture) { return brighter(picture, 1.1, 0); }},
      {"smaller, brighter, JPEG 70",
       [](const at::Tensor& picture) { return through_jpeg(brighter(resized(picture, .8), 1.06, 0), 70); }}};
  return kChanges;
}

PicturePrints prints_of(const std::vector<at::Tensor>& pictures) {
  return picture_prints(static_cast<int64_t>(pictures.size()),
                        [&](int64_t i) { return pictures[static_cast<size_t>(i)]; });
}

std::vector<NearCopy> find(const PicturePrints& prints, const PicturePrints& others) {
  return find_near_copies(prints, all_rows(prints.plain.size(0)), others, all_rows(others.plain.size(0)));
}

/// Expects that `pictures` are alike to nothing but themselves, and that nearly all of their changed copies are found.
void expect_copies_alone_are_found(const std::vector<at::Tensor>& pictures, int64_t copied, int64_t missed) {
  const PicturePrints prints = prints_of(pictures);
  for (const NearCopy& pair : find(prints, prints)) {
    EXPECT_EQ(pair.row, pair.other) << "distinct pictures, similarity " << pair.similarity;
  }
  for (const auto& [name, change] : changes()) {
    std::vector<at::Tensor> copies;
    for (int64_t i = 0; i < copied; ++i) copies.push_back(change(pictures[static_cast<size_t>(i)]));
    int64_t found = 0;
    for (const NearCopy& pair : find(prints_of(copies), prints)) {
      EXPECT_EQ(pair.row, pair.other) << name << ", similarity " << pair.similarity;
      found += pair.row == pair.other ? 1 : 0;
    }
    EXPECT_GE(found, copied - missed) << name;
  }
}

TEST(FindNearCopies, FindsChangedCopiesOfDrawnScenesAndNoOtherScene) {
  std::vector<at::Tensor> scenes;
  for (int64_t i = 0; i < kScenes; ++i) scenes.push_back(scene(i));
  expect_copies_alone_are_found(scenes, kCopied, 4);
}

TEST(FindNearCopies, FindsChangedCopiesOfPhotographsAndNoOtherPartOfThem) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("photos");
  constexpr int64_t kTile = 100;
  std::vector<at::Tensor> tiles;
  for (const char* name : {"astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"}) {
    const at::Tensor photo = io::read_image(testing::reference_data("photos") / name);
    for (int64_t y = 0; y + kTile <= photo.size(0); y += kTile) {
      for (int64_t x = 0; x + kTile <= photo.size(1); x += kTile) {
        const at::Tensor tile = photo.narrow(0, y, kTile).narrow(1, x, kTile).contiguous();
        if (!picture_print(tile).plain.item<bool>()) tiles.push_back(tile);
      }
    }
  }
  expect_copies_alone_are_found(tiles, static_cast<int64_t>(tiles.size()), 4);
}

TEST(FindNearCopies, ComparesSmallAndFlatPicturesForEqualityAlone) {
  const at::Tensor digit = at::randint(0, 255, {28, 28, 3}, make_generator(1), at::kByte);
  at::Tensor other_digit = digit.clone();
  other_digit.slice(0, 0, 4) = 0;
  const at::Tensor grey = at::full({64, 64, 3}, 100, at::kByte);
  const PicturePrints prints = prints_of({digit, grey, grey + 1});
  EXPECT_TRUE(prints.plain.all().item<bool>());
  const std::vector<NearCopy> found = find(prints_of({digit, other_digit, grey}), prints);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].row, 0);
  EXPECT_EQ(found[0].other, 0);
  EXPECT_EQ(found[1].row, 2);
  EXPECT_EQ(found[1].other, 1);
  EXPECT_EQ(found[1].similarity, 1);
}

class KeptPrints : public ::testing::Test {
 protected:
  KeptPrints() {
    for (int i = 0; i < 3; ++i) write(i, scene(i));
  }
  void write(int64_t index, const at::Tensor& picture) {
    std::filesystem::create_directories(folder / "images");
    io::write_png(folder / fmt::format("images/{}.png", index), picture);
  }
  PicturePrints read() const { return picture_prints(Pictures(folder / "images")); }
  std::filesystem::path kept() const { return folder / ".images.prints.safetensors"; }

  TemporaryFolder folder;
};

TEST_F(KeptPrints, AreReadAgainWhileThePicturesAreTheSame) {
  const PicturePrints first = read();
  ASSERT_TRUE(std::filesystem::exists(kept()));
  const auto written = std::filesystem::last_write_time(kept());
  EXPECT_TRUE(at::equal(read().thumbnails, first.thumbnails));
  EXPECT_EQ(std::filesystem::last_write_time(kept()), written);
  EXPECT_TRUE(at::equal(first.thumbnails[1], picture_print(scene(1)).thumbnails[0]));
}

TEST_F(KeptPrints, AreMadeAgainForOtherPicturesAndWhereTheFileIsDamaged) {
  const PicturePrints first = read();
  write(1, scene(7));
  EXPECT_TRUE(at::equal(read().thumbnails[1], picture_print(scene(7)).thumbnails[0]));
  write_file(kept(), "no safetensors");
  EXPECT_TRUE(at::equal(read().thumbnails[0], first.thumbnails[0]));
}

TEST_F(KeptPrints, NameAPictureThatCannotBeRead) {
  write_file(folder / "images/1.png", "no picture");
  EXPECT_ERROR(read(), "images/1.png");
}

}  // namespace
}  // namespace fmri2img::data
