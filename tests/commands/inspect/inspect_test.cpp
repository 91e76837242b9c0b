// Claims: one table a file with names, types, shapes and the range of the finite values; the JSON says the same; what
// is no array file is named.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/npy.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;
using testing::run_program;
using testing::test_data;

class Inspect : public ::testing::Test {
 protected:
  Inspect() { io::write_npy(path(), at::tensor({1.0, NAN, 4.0, INFINITY, 2.5, 1.0}).to(at::kFloat).view({2, 3})); }

  std::filesystem::path path() const { return folder / "a.npy"; }
  static ProgramResult inspect(const std::string& arguments) { return run_program("inspect " + arguments); }

  testing::TemporaryFolder folder;
};

TEST_F(Inspect, ShowsTypeShapeAndTheFiniteRange) {
  const ProgramResult result = inspect(path().string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            path().string() +
                "\n"
                "  name type    shape  minimum  maximum   mean  NaN  infinite\n"
                "  -    float32 2 x 3        1        4  2.125    1         1\n");
}

TEST_F(Inspect, NoValuesReadsTheHeaderAlone) {
  const ProgramResult result = inspect(path().string() + " --no-values");
  EXPECT_EQ(result.out, path().string() + "\n  name type    shape\n  -    float32 2 x 3\n");
}

TEST_F(Inspect, JsonSaysTheSame) {
  const Json json = parse_json(inspect(path().string() + " --json").out, "inspect --json");
  const Json& variable = json["files"][0]["variables"][0];
  EXPECT_EQ(json["files"][0]["file"], path().string());
  EXPECT_EQ(variable["type"], "float32");
  EXPECT_EQ(variable["shape"], (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(variable["minimum"], 1.0);
  EXPECT_EQ(variable["mean"], 2.125);
  EXPECT_EQ(variable["nan"], 1);
  EXPECT_EQ(variable["infinite"], 1);
  io::write_npy(path(), at::full({2}, NAN));
  EXPECT_TRUE(parse_json(inspect(path().string() + " --json").out, "x")["files"][0]["variables"][0]["mean"].is_null());
}

TEST_F(Inspect, MarksTheOneThatCannotBeReadAndGoesOn) {
  const std::string file = test_data("io/hdf5/layouts.h5").string();
  const ProgramResult all = inspect(file);
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.out, ContainsRegex("lzf .* unreadable"));
  EXPECT_THAT(all.err, HasSubstr("save it with gzip instead"));
  bool gzip_has_values = false;
  const Json variables = parse_json(inspect(file + " --json").out, "x")["files"][0]["variables"];
  for (const Json& variable : variables) {
    const bool damaged = variable["name"] == "lzf" || variable["name"] == "absurd";
    EXPECT_EQ(variable.contains("error"), damaged) << variable["name"];
    EXPECT_FALSE(damaged && variable["readable"].get<bool>()) << variable["name"];
    gzip_has_values = gzip_has_values || (variable["name"] == "group/gzip" && variable.contains("mean"));
  }
  EXPECT_TRUE(gzip_has_values);
  EXPECT_EQ(inspect(file + ":lzf").exit_code, 3) << "the one that was asked for";
}

TEST_F(Inspect, ListsEveryVariableOfAFileOrTheOneNamed) {
  const std::string file = test_data("io/mat/plain.mat").string();
  const ProgramResult all = inspect(file + " --json");
  EXPECT_EQ(all.exit_code, 0) << all.err;
  const Json variables = parse_json(all.out, "x")["files"][0]["variables"];
  EXPECT_GT(variables.size(), 1U);
  const std::string name = variables[0]["name"].get<std::string>();
  const Json one = parse_json(inspect(file + ":" + name + " --json").out, "x")["files"][0]["variables"];
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], variables[0]);
  const ProgramResult wrong = inspect(file + ":" + name + "x");
  EXPECT_EQ(wrong.exit_code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"" + name));
}

TEST_F(Inspect, PicturesShowTheirSizeAndDepth) {
  const ProgramResult result = inspect(test_data("io_models/pictures/grey_alpha16.png").string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 channels of 16 bits"));
  const ProgramResult jpeg = inspect(test_data("io_models/pictures/grey.jpg").string() + " --json");
  EXPECT_EQ(parse_json(jpeg.out, "x")["files"][0]["picture"]["channels"], 1);
}

TEST_F(Inspect, ShowsOneTableAFile) {
  const ProgramResult result = inspect(path().string() + " " + test_data("io/npy/complex64.npy").string());
  EXPECT_THAT(result.out, HasSubstr(path().string() + "\n  name"));
  EXPECT_THAT(result.out, HasSubstr("complex64.npy\n  name"));
  EXPECT_THAT(result.out, HasSubstr("complex64 2 x 3        -        -     -    -         -"));
}

TEST_F(Inspect, NamesWhatCannotBeShown) {
  const ProgramResult missing = inspect("/no/such.npy");
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("\"/no/such.npy\": there is no such file"));
  const ProgramResult whole = inspect("/tmp");
  EXPECT_EQ(whole.exit_code, 3);
  EXPECT_THAT(whole.err, HasSubstr("\"/tmp\" is a folder: name one of the files in it"));
  write_file(folder / "text.txt", "just text");
  const ProgramResult text = inspect((folder / "text.txt").string());
  EXPECT_EQ(text.exit_code, 3);
  EXPECT_THAT(text.err, HasSubstr("text.txt\" is no array file that is known here"));
  write_file(path(), read_file(path()).substr(0, 140));
  const ProgramResult cut = inspect(path().string());
  EXPECT_EQ(cut.exit_code, 3);
  EXPECT_THAT(cut.err, HasSubstr("a.npy\": truncated"));
  EXPECT_THAT(cut.err, HasSubstr("while inspecting"));
  EXPECT_EQ(run_program("inspect").exit_code, 2);
}

}  // namespace
}  // namespace fmri2img::commands
