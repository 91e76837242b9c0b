// Claim: `zoo train all --pictures`, stopped at any moment of any model, by force or politely, ends with the very files
// of an uninterrupted run. Source of truth: that run, byte by byte.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/image.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"
#include "tests/support/started_program.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StartedProgram;

/// Training on a folder of two dozen captioned pictures, a few steps a model, always into the folder `zoo`: the cards
/// tell the command line.
class ZooTrainResume : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(folder_ / "pictures");
    const auto scenes = training::drawn_scenes(3, 24);
    for (int64_t row = 0; row < scenes->size(); ++row) {
      const training::CaptionedBatch one = scenes->read({&row, 1});
      const fs::path file = folder_ / "pictures" / std::to_string(row);
      io::write_png(file.string() + ".png", one.pictures[0].permute({1, 2, 0}));
      write_file(file.string() + ".txt", one.captions[0]);
    }
  }

  std::vector<std::string> command() const {
    return {"zoo",
            "train",
            "all",
            "--pictures",
            (folder_ / "pictures").string(),
            "--length",
            "0.0005",
            "--out",
            (folder_ / "zoo").string()};
  }

  int run() const { return StartedProgram(command(), folder_ / "output.txt").wait(); }

  /// Runs until `file` of the zoo is there, and stops the program by `signal`. Returns how it ended.
  int stop(const char* file, int signal) const {
    StartedProgram program(command(), folder_ / "output.txt");
    EXPECT_TRUE(program.wait_until([&] { return fs::exists(folder_ / "zoo" / file); })) << file << ": " << output();
    program.send(signal);
    return program.wait();
  }

  std::string output() const { return read_file(folder_ / "output.txt"); }
  std::string hashes(const char* zoo) const { return read_file(folder_ / zoo / model_checks::kZooHashes); }

  testing::TemporaryFolder folder_;
};

TEST_F(ZooTrainResume, EndsWithTheSameFilesHoweverItIsStopped) {
  ASSERT_EQ(run(), 0) << output();
  EXPECT_THAT(output(), AllOf(HasSubstr("vae: psnr_db"), HasSubstr("unet: noise_error"), HasSubstr("blip: sharp")));
  EXPECT_THAT(read_file(folder_ / "zoo/blip/README.md"),
              AllOf(HasSubstr("21 of 24 pictures of"), HasSubstr("It knows the pictures of one folder")));
  EXPECT_THAT(read_file(folder_ / "zoo/stable-diffusion/unet/README.md"), HasSubstr("](contact_sheet.png)"));
  EXPECT_TRUE(fs::exists(folder_ / "zoo/stable-diffusion/unet/contact_sheet.png"));
  fs::rename(folder_ / "zoo", folder_ / "whole");

  EXPECT_EQ(stop("training/vae/log.csv", SIGKILL), -SIGKILL) << "before the first checkpoint";
  EXPECT_EQ(stop("training/vae/last.safetensors", SIGKILL), -SIGKILL) << "after the last step";
  EXPECT_EQ(stop("clip/model.safetensors", SIGKILL), -SIGKILL) << "half a model on the disk";
  EXPECT_EQ(stop("training/unet/log.csv", SIGTERM), 75);
  EXPECT_THAT(output(), HasSubstr("run the same command again"));
  EXPECT_EQ(stop("stable-diffusion/model_index.json", SIGKILL), -SIGKILL) << "the card is missing";
  EXPECT_THAT(output(), AllOf(HasSubstr("clip is trained already"), HasSubstr("diffusion model: going on from step")));
  EXPECT_EQ(stop("blip/vocab.txt", SIGKILL), -SIGKILL) << "only the tokenizer is there";

  ASSERT_EQ(run(), 0) << output();
  EXPECT_EQ(hashes("zoo"), hashes("whole"));
  EXPECT_TRUE(model_checks::different_files(folder_ / "zoo").empty());
  const auto number_of_files = [&](const char* zoo) {
    const fs::recursive_directory_iterator all(folder_ / zoo);
    return std::count_if(begin(all), end(all), [](const auto& entry) {
      return entry.is_regular_file() && !entry.path().filename().string().starts_with("events.");
    });
  };
  EXPECT_EQ(number_of_files("zoo"), number_of_files("whole")) << "nothing half-written is left";
}

}  // namespace
}  // namespace fmri2img::commands
