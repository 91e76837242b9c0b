// `fmri2img caption`: what is in pictures, in words. Truth: transformers' BlipProcessor and generate on the committed
// folder (tests/parity/blip).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/safetensors.h"
#include "tests/parity/blip/patchwork.h"
#include "tests/support/float32_copy.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

class CaptionCommand : public ::testing::Test {
 protected:
  CaptionCommand() {
    for (const at::Tensor& picture : models::patchworks()) {
      images.push_back((folder / fmt::format("{}.png", images.size())).string());
      io::write_png(images.back(), picture);
    }
  }

  testing::ProgramResult run(const std::string& rest) const {
    std::string words = "caption";
    for (const std::string& image : images) words += " " + image;
    return testing::run_program(words + " --model " + model + " " + rest);
  }

  /// The captions that the reference gives.
  static Json expected(const std::string& input, const std::string& prompt, const Json& options) {
    for (const Json& answer : read_json(testing::test_data("blip/saved_captions.json"))) {
      if (answer["input"] == input && answer["prompt"] == prompt && answer["options"] == options) return answer;
    }
    ADD_FAILURE() << "no such answer";
    return {};
  }

  void expect(const std::string& rest, const Json& answer) const {
    const auto result = run("--json " + rest);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json list = parse_json(result.out, "stdout");
    ASSERT_EQ(list.size(), images.size());
    for (size_t i = 0; i < images.size(); ++i) {
      EXPECT_EQ(list[i], Json({{"image", images[i]}, {"tokens", answer["tokens"][i]}, {"text", answer["texts"][i]}}));
    }
  }

  testing::TemporaryFolder folder;
  std::vector<std::string> images;
  std::string model = testing::test_data("blip/saved").string();
};

TEST_F(CaptionCommand, PrintsALineForEachImage) {
  const auto result = run("");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::string lines;
  const Json answer = expected("processor", "", Json::object());
  for (size_t i = 0; i < images.size(); ++i) lines += images[i] + ": " + answer["texts"][i].get<std::string>() + "\n";
  EXPECT_EQ(result.out, lines);
}

TEST_F(CaptionCommand, TakesTheOptionsOfTheReference) {
  expect("", expected("processor", "", Json::object()));
  expect("--caption-input raw255", expected("raw255", "", Json::object()));
  expect("--beams 3 --prompt 'a photography of'", expected("processor", "a photography of", {{"num_beams", 3}}));
  expect(
      "--beams 3 --max-new-tokens 9 --repetition-penalty 1.5 --min-length 6",
      expected(
          "processor", "", {{"num_beams", 3}, {"max_new_tokens", 9}, {"repetition_penalty", 1.5}, {"min_length", 6}}));
}

TEST_F(CaptionCommand, LetsLongCaptionsGainWithBeams) {
  const auto tokens = [&](const std::string& rest) {
    const auto result = run("--json --beams 4 " + rest);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    size_t sum = 0;
    for (const Json& caption : parse_json(result.out, "stdout")) sum += caption["tokens"].size();
    return sum;
  };
  EXPECT_GT(tokens("--length-penalty 5"), tokens("--length-penalty -5"));
}

TEST_F(CaptionCommand, RunsInBfloat16) {
  const auto result = run("--dtype bf16");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3.png: "));
}

// Flat pictures, which are the same at every size, and Pillow's conversion of inks.
TEST_F(CaptionCommand, TakesPicturesOfEverySizeAndKind) {
  const auto flat = [&](int64_t side) {
    images.push_back((folder / fmt::format("flat{}.png", side)).string());
    io::write_png(images.back(), at::full({side, side, 1}, 90, at::kByte));
  };
  images.clear();
  for (const int64_t side : {60, 1, 8000}) flat(side);
  const std::filesystem::path pictures = testing::test_data("io_models/pictures");
  images.push_back((pictures / "cmyk.jpg").string());
  images.push_back((folder / "rgb.png").string());
  io::write_png(images.back(), io::read_safetensors(pictures / "expected.safetensors").at("cmyk.jpg"));
  const auto result = run("--json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json list = parse_json(result.out, "stdout");
  ASSERT_EQ(list.size(), 5U);
  EXPECT_EQ(list[1]["tokens"], list[0]["tokens"]) << "1 x 1";
  EXPECT_EQ(list[2]["tokens"], list[0]["tokens"]) << "8000 x 8000";
  EXPECT_EQ(list[3]["tokens"], list[4]["tokens"]) << "CMYK";
}

TEST_F(CaptionCommand, NamesAPictureThatIsDamaged) {
  std::string bytes = read_file(images[0]);
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  write_file(folder / "corrupt.png", bytes);
  images.push_back((folder / "corrupt.png").string());
  const auto result = run("");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("corrupt.png\": not a whole PNG picture"));
  EXPECT_THAT(result.err, HasSubstr("copy it again from where it came from, or save it anew"));
}

TEST_F(CaptionCommand, ComputesAHalfPrecisionFolderInFloat32OnACpu) {
  const auto half = run("--device cpu");
  testing::copy_in_float32(model, folder / "float32");
  model = (folder / "float32").string();
  const auto whole = run("--device cpu");
  ASSERT_EQ(half.exit_code, 0) << half.err;
  EXPECT_EQ(half.out, whole.out);
  EXPECT_THAT(half.err, HasSubstr("model.safetensors\" holds float16 weights: such are converted"));
  EXPECT_THAT(whole.err, ::testing::Not(HasSubstr("converted")));
  const auto refused = run("--device cpu --dtype fp16");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--dtype fp16 needs a GPU; on a CPU choose fp32 or bf16"));
}

TEST_F(CaptionCommand, ExplainsWrongInput) {
  const std::string image = images.front();
  const auto says = [&](const std::string& words, int exit_code, const std::string& part) {
    const auto result = testing::run_program("caption " + words);
    EXPECT_EQ(result.exit_code, exit_code) << words;
    EXPECT_THAT(result.err, HasSubstr(part)) << words;
    EXPECT_EQ(result.out, "") << words;
  };
  says("", 2, "image is required");
  says(image, 2, "--model is required");
  says(image + " --model " + folder.path().string(), 3, "neither config.json nor blip/config.json");
  says(image + " " + (folder / "none.png").string() + " --model " + model, 3, "none.png");
  write_file(folder / "broken.png", "no picture");
  says(image + " " + (folder / "broken.png").string() + " --model " + model, 3, "broken.png");
  says(image + " --model " + model + " --beams 0", 2, "--beams");
  says(image + " --model " + model + " --repetition-penalty 0", 2, "--repetition-penalty");
  says(image + " --model " + model + " --caption-input raw", 2, "--caption-input");
  says(image + " --model " + model + " --max-new-tokens 40", 2, "max_new_tokens is 40; after a prompt of 1 tokens");
}

}  // namespace
}  // namespace fmri2img::commands
