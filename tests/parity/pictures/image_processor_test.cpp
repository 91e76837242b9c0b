#include "fmri2img/models/image_processor.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

using Options = ImageProcessorOptions;

Options defaults_of(const std::string& name) {
  return name.starts_with("clip") ? Options::clip_defaults() : Options::blip_defaults();
}

// Golden: CLIPImageProcessorPil and BlipImageProcessorPil of transformers 5.24 on five pictures. Resizing and cropping
// are exact, and so is the arithmetic after it.
TEST(ImageProcessor, ReproducesReferenceValues) {
  const io::StateDict golden = io::read_safetensors(testing::test_data("pictures/processed.safetensors"));
  const Json configs = read_json(testing::test_data("pictures/processors.json"));
  int compared = 0;
  for (const auto& [name, json] : configs.items()) {
    const ImageProcessor processor(Options::from_json(json, name, defaults_of(name)));
    for (int i = 0; i < 5; ++i) {
      SCOPED_TRACE(fmt::format("picture {} by {}", i, name));
      const at::Tensor found = processor.process(golden.at(std::to_string(i)));
      const at::Tensor expected = golden.at(fmt::format("{}/{}", i, name));
      ASSERT_EQ(found.sizes(), expected.sizes());
      EXPECT_LE((found - expected).abs().max().item<double>(), 1e-6);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 30);
}

TEST(ImageProcessor, DefaultsAreThoseThatTransformersSaves) {
  for (const std::string name : {"clip", "blip"}) {
    SCOPED_TRACE(name);
    const Options plain = defaults_of(name);
    Options other = plain;
    other.shortest_edge = 5;
    other.size = other.crop_size = {5, 5};
    other.image_mean = other.image_std = {1, 1, 1};
    const Json saved = read_json(testing::test_data("pictures/" + name + "_saved.json"));
    const Options read = Options::from_json(saved, name, other);
    EXPECT_EQ(read.shortest_edge, plain.shortest_edge);
    EXPECT_EQ(read.shortest_edge ? plain.size : read.size, plain.size);
    EXPECT_EQ(read.image_mean, plain.image_mean);
    EXPECT_EQ(read.image_std, plain.image_std);
    EXPECT_EQ(read.rescale_factor, plain.rescale_factor);
    EXPECT_EQ(plain.do_center_crop ? read.crop_size : plain.crop_size, plain.crop_size);
  }
}

TEST(ImageProcessor, ReadsAFolderAsTransformersDoes) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(Options::from_folder(folder.path(), Options::clip_defaults()).crop_size, Options::Size(224, 224));
  write_json(folder / "preprocessor_config.json", {{"crop_size", 48}, {"feature_extractor_type", "x"}});
  EXPECT_EQ(Options::from_folder(folder.path(), Options::clip_defaults()).crop_size, Options::Size(48, 48));
  write_json(folder / "processor_config.json", {{"processor_class", "CLIPProcessor"}});
  EXPECT_EQ(Options::from_folder(folder.path(), Options::clip_defaults()).crop_size, Options::Size(48, 48));
  write_json(folder / "processor_config.json", {{"image_processor", {{"crop_size", {{"height", 3}, {"width", 4}}}}}});
  EXPECT_EQ(Options::from_folder(folder.path(), Options::clip_defaults()).crop_size, Options::Size(3, 4));
  write_json(folder / "processor_config.json", {{"image_processor", {{"crop", 4}}}});
  EXPECT_ERROR(Options::from_folder(folder.path(), Options::clip_defaults()),
               "processor_config.json\": \"image_processor\"",
               "unknown key \"crop\"");
}

struct BadValue {
  const char* key;
  Json value;
  std::vector<std::string> parts;
};

TEST(ImageProcessor, NamesTheKeyThatItCannotUse) {
  const BadValue cases[] = {
      {"size", {{"longest_edge", 224}}, {"\"size\"", "longest_edge", "{\"shortest_edge\"}", "{\"height\", \"width\"}"}},
      {"size", {{"shortest_edge", 224}, {"longest_edge", 300}}, {"\"size\"", "longest_edge"}},
      {"size", 0, {"\"size\" is 0", "1 to 8192 pixels"}},
      {"size", {{"height", 3}, {"width", "four"}}, {"\"size\" is \"four\"", "1 to 8192"}},
      {"size", "224", {"\"size\" is \"224\"", "one number of pixels"}},
      {"crop_size", {{"shortest_edge", 3}}, {"\"crop_size\"", "shortest_edge"}},
      {"crop_size", 1e9, {"\"crop_size\"", "1 to 8192"}},
      {"resample", 0, {"\"resample\" is 0", "3 (bicubic)"}},
      {"image_mean", {0.5, 0.5}, {"\"image_mean\" is [0.5,0.5]", "three numbers"}},
      {"image_std", {0.5, 0.5, "x"}, {"\"image_std\"", "three numbers"}},
      {"image_std", 0, {"\"image_std\" holds 0", "positive"}},
      {"rescale_factor", -1, {"\"rescale_factor\" is -1", "positive"}},
      {"do_pad", true, {"\"do_pad\" is true", "only false"}},
      {"do_resize", "yes", {"\"do_resize\"", "not of the expected type"}},
      {"do_centre_crop", true, {"unknown key \"do_centre_crop\"", "did you mean \"do_center_crop\""}},
  };
  for (const BadValue& bad : cases) {
    SCOPED_TRACE(bad.key);
    for (const std::string& part : bad.parts) {
      EXPECT_ERROR(Options::from_json({{bad.key, bad.value}}, "\"preprocessor_config.json\"", Options::clip_defaults()),
                   "\"preprocessor_config.json\"",
                   part);
    }
  }
}

TEST(ImageProcessor, RefusesWhatIsNotAPicture) {
  const ImageProcessor processor(Options::clip_defaults());
  EXPECT_ERROR(processor.process(at::zeros({4, 4}, at::kByte)), "4 x 4 of Byte", "height x width x 3");
  EXPECT_ERROR(processor.process(at::zeros({4, 4, 3})), "4 x 4 x 3 of Float", "8 bits");
  EXPECT_ERROR(processor.process(at::zeros({0, 4, 3}, at::kByte)), "0 x 4 x 3");
}

}  // namespace
}  // namespace fmri2img::models
