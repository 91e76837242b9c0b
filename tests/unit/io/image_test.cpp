#include "fmri2img/io/image.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

using testing::TemporaryFolder;

std::filesystem::path picture(const std::string& name) {
  return testing::test_data("io_models/pictures") / name;
}

// Golden: Pillow's Image.open(path).convert("RGB"), tools/parity/io_models.py. Exact: every kind of PNG and JPEG that
// there is.
TEST(Image, ReadsWhatPillowReads) {
  const StateDict expected = read_safetensors(picture("expected.safetensors"));
  EXPECT_EQ(expected.size(), 41U);
  for (const auto& [name, pixels] : expected) EXPECT_TRUE(at::equal(read_image(picture(name)), pixels)) << name;
}

// Golden: transformers' convert_to_rgb, which its image processors for CLIP and BLIP begin with. Exact; the pictures
// that the file does not name have nothing transparent.
TEST(Image, LaysTransparentPicturesOnWhite) {
  const StateDict dropped = read_safetensors(picture("expected.safetensors"));
  const StateDict on_white = read_safetensors(picture("on_white.safetensors"));
  EXPECT_EQ(on_white.size(), 12U);
  for (const auto& [name, pixels] : dropped) {
    const auto laid = on_white.find(name);
    EXPECT_TRUE(
        at::equal(read_image(picture(name), Transparency::kOnWhite), laid == on_white.end() ? pixels : laid->second))
        << name;
  }
}

TEST(Image, TellsSizeChannelsAndDepthWithoutReadingPixels) {
  struct Row {
    const char* file;
    int64_t channels, bit_depth;
  };
  for (const Row& row : {Row{"grey1.png", 1, 1},
                         Row{"grey16.png", 1, 16},
                         Row{"palette4.png", 3, 8},
                         Row{"grey_alpha8.png", 2, 8},
                         Row{"rgba16.png", 4, 16}}) {
    const ImageInfo info = read_image_info(picture(row.file));
    EXPECT_EQ(info.height, 11) << row.file;
    EXPECT_EQ(info.width, 13) << row.file;
    EXPECT_EQ(info.channels, row.channels) << row.file;
    EXPECT_EQ(info.bit_depth, row.bit_depth) << row.file;
  }
  EXPECT_EQ(read_image_info(picture("cmyk.jpg")).channels, 4);
}

TEST(Image, TellsWhichChannelIsAlpha) {
  for (const char* name : {"rgba8.png", "rgba16.png", "grey_alpha8.png"}) {
    EXPECT_TRUE(read_image_info(picture(name)).alpha) << name;
  }
  for (const char* name : {"rgb8.png", "grey8.png", "palette8.png", "cmyk.jpg"}) {
    EXPECT_FALSE(read_image_info(picture(name)).alpha) << name;
  }
}

TEST(Image, IsToldByItsFirstBytes) {
  const testing::TemporaryFolder folder;
  write_file(folder / "a.png", "no picture");
  write_file(folder / "b.npy", read_file(picture("rgb8.png")));
  EXPECT_FALSE(is_image(folder / "a.png"));
  EXPECT_TRUE(is_image(folder / "b.npy"));
  EXPECT_TRUE(is_image(picture("grey.jpg")));
  EXPECT_ERROR(is_image(folder / "c.png"), "c.png");
}

TEST(Image, RefusesEveryTruncatedFile) {
  const TemporaryFolder folder;
  for (const char* name : {"rgb8.png", "palette8_interlaced.png", "rgb_420.jpg", "progressive.jpg"}) {
    const std::string whole = read_file(picture(name));
    for (size_t size = 0; size + 2 < whole.size(); size += 7) {
      write_file(folder / "cut", whole.substr(0, size));
      EXPECT_ERROR(read_image(folder / "cut"), "cut");
    }
  }
}

TEST(Image, RefusesADamagedPng) {
  const TemporaryFolder folder;
  std::string bytes = read_file(picture("rgb8.png"));
  bytes[bytes.size() - 30] = static_cast<char>(~bytes[bytes.size() - 30]);
  write_file(folder / "damaged.png", bytes);
  EXPECT_ERROR(read_image(folder / "damaged.png"), "damaged.png", "not a whole PNG picture");
}

TEST(Image, RefusesHugeDimensionsBeforeItAllocates) {
  const TemporaryFolder folder;
  std::string png = read_file(picture("rgb8.png"));
  png.replace(16, 8, std::string("\0\0\x9c\x40\0\0\x9c\x40", 8));
  const auto sum = __builtin_bswap32(static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(&png[12]), 17)));
  png.replace(29, 4, reinterpret_cast<const char*>(&sum), 4);
  write_file(folder / "huge.png", png);
  EXPECT_ERROR(read_image(folder / "huge.png"), "huge.png", "40000 x 40000 pixels, at most 134,217,728");
  std::string jpeg = read_file(picture("rgb_420.jpg"));
  const size_t frame = jpeg.find("\xff\xc0");
  jpeg.replace(frame + 5, 4, "\xff\xff\xff\xff");
  write_file(folder / "huge.jpg", jpeg);
  EXPECT_ERROR(read_image(folder / "huge.jpg"), "huge.jpg", "Maximum supported image dimension");
  jpeg.replace(frame + 5, 4, std::string("\x20\0\x20\0", 4));
  write_file(folder / "promises.jpg", jpeg);
  EXPECT_ERROR(read_image(folder / "promises.jpg"), "promises.jpg", "8192 x 8192 pixels do not fit in the");
}

TEST(Image, RefusesWhatIsNoPicture) {
  const TemporaryFolder folder;
  write_file(folder / "text.png", "not a picture");
  EXPECT_ERROR(read_image(folder / "text.png"), "text.png", "expected a PNG or JPEG");
  write_file(folder / "empty.png", "");
  EXPECT_ERROR(read_image(folder / "empty.png"), "empty.png", "an empty file");
  EXPECT_ERROR(read_image(folder / "missing.png"), "missing.png", "No such file");
}

TEST(Image, WritesWhatItReads) {
  const TemporaryFolder folder;
  const at::Tensor rgb = at::arange(5 * 7 * 3, at::kByte).reshape({7, 5, 3}).permute({1, 0, 2});
  write_png(folder / "rgb.png", rgb);
  EXPECT_TRUE(at::equal(read_image(folder / "rgb.png"), rgb));
  EXPECT_EQ(read_image_info(folder / "rgb.png").channels, 3);
  const at::Tensor grey = at::arange(35, at::kByte).reshape({5, 7});
  write_png(folder / "grey.png", grey);
  write_png(folder / "grey_channel.png", grey.unsqueeze(2));
  EXPECT_TRUE(at::equal(read_image(folder / "grey.png"), grey.unsqueeze(2).expand({5, 7, 3})));
  EXPECT_EQ(read_file(folder / "grey.png"), read_file(folder / "grey_channel.png"));
  EXPECT_EQ(read_image_info(folder / "grey.png").channels, 1);
}

TEST(Image, RefusesToWriteOtherTensorsAndIntoMissingFolders) {
  const TemporaryFolder folder;
  EXPECT_ERROR(write_png(folder / "x.png", at::zeros({2, 2, 3})), "x.png", "uint8", "Float 2 x 2 x 3");
  EXPECT_ERROR(write_png(folder / "x.png", at::zeros({2, 2, 4}, at::kByte)), "2 x 2 x 4");
  EXPECT_ERROR(write_png(folder / "missing/x.png", at::zeros({2, 2}, at::kByte)), "missing/x.png", "No such file");
}

TEST(Image, ReadsPhotographs) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("photos");
  EXPECT_EQ(read_image(testing::reference_data("photos/astronaut.png")).sizes(), (at::IntArrayRef{512, 512, 3}));
  EXPECT_EQ(read_image(testing::reference_data("photos/camera.png")).sizes(), (at::IntArrayRef{512, 512, 3}));
  EXPECT_EQ(read_image(testing::reference_data("photos/rocket.jpg")).sizes(), (at::IntArrayRef{427, 640, 3}));
}

}  // namespace
}  // namespace fmri2img::io
