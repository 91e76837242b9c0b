// `fmri2img zoo train`: a few steps, to see that what it writes is a model folder like any other.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_disk.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ZooTrain : public ::testing::Test {
 protected:
  /// Two steps; another thread count must not matter.
  testing::ProgramResult train(const std::string& name, int threads) {
    return testing::run_program("zoo train vae --length 0.0005 --threads " + std::to_string(threads) + " --out " +
                                (folder / name).string());
  }
  std::filesystem::path vae(const std::string& name) { return folder / name / "stable-diffusion/vae"; }

  testing::TemporaryFolder folder;
};

TEST_F(ZooTrain, WritesAnAutoencoderThatOpens) {
  const auto result = train("zoo", 2);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("psnr_db"));
  const auto codec = models::open_codec(vae("zoo"));
  const models::LatentShape shape = codec->latent_shape();
  EXPECT_EQ(std::tuple(shape.channels, shape.height, shape.width), std::tuple(4, 16, 16));
  const at::Tensor latents = codec->encode(at::rand({1, 3, 64, 64}), {});
  EXPECT_EQ(codec->decode(latents).sizes(), (std::vector<int64_t>{1, 3, 64, 64}));
  EXPECT_THAT(read_file(vae("zoo") / "README.md"),
              AllOf(HasSubstr("2 steps of 16 pictures"),
                    HasSubstr("psnr_db"),
                    HasSubstr("sha256"),
                    HasSubstr("](contact_sheet.png)")));
  // 24 pictures of 64 x 64 above what came back, in two bands of 12.
  EXPECT_EQ(io::read_image(vae("zoo") / "contact_sheet.png").sizes(), (std::vector<int64_t>{300, 836, 3}));
}

TEST_F(ZooTrain, NamesTheDiskThatIsTooSmallBeforeItStarts) {
  const testing::SmallDisk disk(folder / "disk", "1m");
  if (!disk.error().empty()) GTEST_SKIP() << "cannot mount a small file system here: " << disk.error();
  const auto result = testing::run_program("zoo train vae --out " + (disk / "zoo").string());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("models, checkpoints and practice subjects need 315 MB"), HasSubstr("make room")));
  EXPECT_FALSE(std::filesystem::exists(disk / "zoo"));
}

TEST_F(ZooTrain, GivesTheSameWeightsOnAnyNumberOfThreads) {
  ASSERT_EQ(train("one", 1).exit_code, 0);
  ASSERT_EQ(train("two", 2).exit_code, 0);
  const io::StateDict one = io::read_safetensors(vae("one") / "diffusion_pytorch_model.safetensors");
  const io::StateDict two = io::read_safetensors(vae("two") / "diffusion_pytorch_model.safetensors");
  ASSERT_EQ(one.size(), two.size());
  for (const auto& [name, tensor] : one) EXPECT_TRUE(at::equal(tensor, two.at(name))) << name;
}

TEST_F(ZooTrain, GoesOnWithItsOwnRunAndNoOther) {
  ASSERT_EQ(train("zoo", 2).exit_code, 0);
  EXPECT_THAT(train("zoo", 2).err, HasSubstr("trained already"));
  const auto other = testing::run_program("zoo train vae --length 0.0005 --seed 2 --out " + (folder / "zoo").string());
  EXPECT_NE(other.exit_code, 0);
  EXPECT_THAT(other.err, AllOf(HasSubstr("seed"), HasSubstr("--overwrite")));
}

TEST_F(ZooTrain, ComesToTheSameWeightsWhereItWasInterrupted) {
  const auto line = [&](const char* name) { return "zoo train vae --length 0.003 --out " + (folder / name).string(); };
  ASSERT_EQ(testing::run_program(line("whole")).exit_code, 0);
  testing::run_program(line("cut"), "timeout --signal=INT 2");
  const auto result = testing::run_program(line("cut"));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_file(vae("cut") / "diffusion_pytorch_model.safetensors"),
            read_file(vae("whole") / "diffusion_pytorch_model.safetensors"));
}

TEST_F(ZooTrain, SaysWhatHasToBeTrainedBefore) {
  for (const std::string model : {"unet", "blip"}) {
    const auto result = testing::run_program("zoo train " + model + " --out " + (folder / "zoo").string());
    EXPECT_EQ(result.exit_code, 3) << model;
    EXPECT_THAT(result.err, AllOf(HasSubstr("stable-diffusion/vae"), HasSubstr("zoo train vae"))) << model;
  }
}

TEST_F(ZooTrain, RefusesAnUnknownModel) {
  const auto result = testing::run_program("zoo train gan --out " + (folder / "zoo").string());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("gan"), HasSubstr("vae")));
}

}  // namespace
}  // namespace fmri2img::commands
