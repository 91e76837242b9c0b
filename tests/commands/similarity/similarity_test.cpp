// `fmri2img similarity`. Truth: transformers' embeddings of four pictures (tests/data/clip).
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/float32_copy.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

class Similarity : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const int i : {0, 1}) {
      io::write_png(folder_ / (std::to_string(i) + ".png"), golden_.at("picture_" + std::to_string(i)));
    }
  }

  testing::ProgramResult run(const std::string& rest) const { return testing::run_program("similarity " + rest); }
  std::string png(int i) const { return (folder_ / (std::to_string(i) + ".png")).string(); }
  std::string model() const { return " --model " + testing::test_data("clip/clip").string(); }

  double expected_cosine() const {
    const at::Tensor embeddings = golden_.at("picture_embeddings");
    return at::cosine_similarity(embeddings[0], embeddings[1], 0).item<double>();
  }

  testing::TemporaryFolder folder_;
  io::StateDict golden_ = io::read_safetensors(testing::test_data("clip/clip_answers.safetensors"));
};

TEST_F(Similarity, PrintsTheCosineOfTwoPictures) {
  const auto plain = run(png(0) + " " + png(1) + model());
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_NEAR(std::stod(plain.out), expected_cosine(), 2e-6);
  const auto json = run(png(0) + " " + png(1) + model() + " --json");
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const Json parsed = parse_json(json.out, "output");
  EXPECT_EQ(parsed["images"][1], png(1));
  EXPECT_NEAR(parsed["similarity"].get<double>(), expected_cosine(), 1e-6);
  EXPECT_EQ(run(png(0) + " " + png(0) + model()).out, "1.000000\n");
}

TEST_F(Similarity, TakesBfloat16) {
  const auto result = run(png(0) + " " + png(1) + model() + " --dtype bf16");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NEAR(std::stod(result.out), expected_cosine(), 0.02);
  EXPECT_EQ(run(png(0) + model() + " --dtype fp16").exit_code, 2);
}

TEST_F(Similarity, PrintsTheEmbeddingOfOne) {
  const auto json = run(png(0) + model() + " --json");
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto values = parse_json(json.out, "output").get<std::vector<double>>();
  const at::Tensor expected = golden_.at("picture_embeddings")[0];
  ASSERT_EQ(static_cast<int64_t>(values.size()), expected.size(0));
  const double scale = expected.abs().max().item<double>();
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[static_cast<int64_t>(i)].item<double>(), 1e-5 * scale);
  }
  std::istringstream lines(run(png(0) + model()).out);
  size_t count = 0;
  for (double value = 0; lines >> value; ++count) EXPECT_NEAR(value, values.at(count), 1e-6 * scale);
  EXPECT_EQ(count, values.size());
}

// As transformers' image processors see it, and unlike Pillow's plain conversion.
TEST_F(Similarity, LaysTransparentPicturesOnWhite) {
  const std::filesystem::path file = testing::test_data("io_models/pictures/rgba8.png");
  io::write_png(folder_ / "white.png", io::read_image(file, io::Transparency::kOnWhite));
  io::write_png(folder_ / "dropped.png", io::read_image(file));
  const auto to = [&](const char* name) { return run(file.string() + " " + (folder_ / name).string() + model()); };
  EXPECT_EQ(to("white.png").out, "1.000000\n");
  EXPECT_NE(to("dropped.png").out, "1.000000\n");
}

TEST_F(Similarity, ReadsOpenAisFile) {
  const auto result = run(png(0) + " " + png(1) + " --model " + testing::test_data("clip/openai.pt").string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const at::Tensor embeddings =
      io::read_safetensors(testing::test_data("clip/openai_answers.safetensors")).at("picture_embeddings");
  EXPECT_NEAR(std::stod(result.out), at::cosine_similarity(embeddings[0], embeddings[1], 0).item<double>(), 2e-6);
}

// A flat picture is the same at every size.
TEST_F(Similarity, TakesPicturesOfAnySize) {
  const auto flat = [&](int64_t side) {
    const std::filesystem::path file = folder_ / (std::to_string(side) + ".png");
    io::write_png(file, at::full({side, side, 1}, 90, at::kByte));
    return file.string();
  };
  const std::string usual = flat(60);
  for (const int64_t side : {1, 8000}) {
    const auto result = run(flat(side) + " " + usual + model());
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NEAR(std::stod(result.out), 1, 1e-5) << side;
  }
}

// Golden: Pillow's conversion of the same file.
TEST_F(Similarity, TakesJpegsInCmyk) {
  const std::filesystem::path pictures = testing::test_data("io_models/pictures");
  io::write_png(folder_ / "rgb.png", io::read_safetensors(pictures / "expected.safetensors").at("cmyk.jpg"));
  const auto result = run((pictures / "cmyk.jpg").string() + " " + (folder_ / "rgb.png").string() + model());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NEAR(std::stod(result.out), 1, 1e-3);
}

TEST_F(Similarity, NamesAPictureThatIsDamaged) {
  std::string bytes = read_file(png(0));
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  write_file(folder_ / "corrupt.png", bytes);
  const auto result = run(png(0) + " " + (folder_ / "corrupt.png").string() + model());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("corrupt.png\": not a whole PNG picture"));
  EXPECT_THAT(result.err, HasSubstr("copy it again from where it came from, or save it anew"));
}

TEST_F(Similarity, ComputesAHalfPrecisionFolderInFloat32OnACpu) {
  testing::copy_in_float32(testing::test_data("clip/clip"), folder_ / "float32");
  const auto half = run(png(0) + " --json --device cpu" + model());
  const auto whole = run(png(0) + " --json --device cpu --model " + (folder_ / "float32").string());
  ASSERT_EQ(half.exit_code, 0) << half.err;
  EXPECT_EQ(half.out, whole.out);
  EXPECT_THAT(half.err, HasSubstr("model.safetensors\" holds float16 weights: such are converted"));
  EXPECT_THAT(whole.err, ::testing::Not(HasSubstr("converted")));
  const auto refused = run(png(0) + " --device cpu --dtype fp16" + model());
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--dtype fp16 needs a GPU; on a CPU choose fp32 or bf16"));
}

TEST_F(Similarity, ExplainsWrongInput) {
  EXPECT_EQ(run(png(0)).exit_code, 2) << "without --model";
  EXPECT_EQ(run(png(0) + " " + png(1) + " " + png(1) + model()).exit_code, 2) << "three pictures";
  const auto no_picture = run(png(0) + " " + folder_.path().string() + "/7.png" + model());
  EXPECT_EQ(no_picture.exit_code, 3);
  EXPECT_THAT(no_picture.err, HasSubstr("7.png"));
  const auto no_model = run(png(0) + " --model " + folder_.path().string());
  EXPECT_EQ(no_model.exit_code, 3);
  EXPECT_THAT(no_model.err, HasSubstr("config.json"));
  const auto text_model = run(png(0) + " --model " + testing::test_data("clip/sd1/text_encoder").string());
  EXPECT_EQ(text_model.exit_code, 3);
  EXPECT_THAT(text_model.err, HasSubstr("clip_text_model"));
}

}  // namespace
}  // namespace fmri2img::commands
