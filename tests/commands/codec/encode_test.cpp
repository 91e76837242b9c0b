// `fmri2img encode`, and what follows from its file: a decoder trained on it reconstructs with the same autoencoder and
// refuses another. Truth: the library's codec, whose parity with diffusers has its own tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/json.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/commands/codec/codec_test_support.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kRows = 20;

class Encode : public ::testing::Test {
 protected:
  testing::ProgramResult run(const std::string& rest) { return testing::run_program("encode " + path + " " + rest); }
  at::Tensor input(int64_t row) { return as_input(subject.pictures(data::Partition::kTrain).load(row)); }

  testing::TemporaryFolder folder;
  data::Subject subject = reconstruction::make_up_subject(folder / "subj01", kRows, 3);
  std::string path = (folder / "subj01").string();
  std::filesystem::path latents = folder / "subj01/training_split/fMRI_VAE.npy";
  std::filesystem::path record = folder / "subj01/training_split/fMRI_VAE.json";
};

TEST_F(Encode, WritesTheMeanOfEachPicturesPosterior) {
  const auto result = run("--model " + model("kl_fp16"));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("20 latents of 4 x 12 x 16"));
  const at::Tensor found = io::read_npy(latents);
  EXPECT_EQ(found.sizes(), (std::vector<int64_t>{kRows, 1, 4, 12, 16}));
  const auto codec = models::open_codec(model("kl_fp16"));
  EXPECT_TRUE(at::allclose(found[3], codec->encode(input(3), {}), 1e-4, 1e-5));
  EXPECT_EQ(read_json(record)["settings"]["codec"], codec->config());
}

TEST_F(Encode, DrawsEachPicturesSampleFromItsOwnSeed) {
  ASSERT_EQ(run("--model " + model("kl_fp16") + " --sample --seed 9").exit_code, 0);
  const auto codec = models::open_codec(model("kl_fp16"));
  const auto seed = static_cast<uint64_t>(image_seed(9, 3, 0));
  EXPECT_TRUE(at::allclose(io::read_npy(latents)[3], codec->encode(input(3), make_generator(seed)), 1e-4, 1e-5));
}

TEST_F(Encode, LeavesAFileThatIsThereAlone) {
  ASSERT_EQ(run("--model " + model("kl_fp16")).exit_code, 0);
  const auto again = run("--model " + model("kl_fp16"));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("nothing to do"));
  const auto other = run("--model " + model("kl_shards"));
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.err, HasSubstr("--overwrite"));
  EXPECT_THAT(other.err, HasSubstr("codec."));
  EXPECT_EQ(run("--model " + model("kl_shards") + " --overwrite").exit_code, 0);
  EXPECT_EQ(io::read_npy(latents).size(2), 1);
  std::filesystem::remove(record);
  const auto unknown = run("--model " + model("kl_shards"));
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("nothing says which codec made it"));
}

TEST_F(Encode, LeadsToAReconstructionWithTheSameAutoencoder) {
  const std::string decoder = (folder / "decoder").string();
  const auto reconstruct = [&](const std::string& rest) {
    return testing::run_program("reconstruct " + path + " --decoder " + decoder + " --trials test --low-only --out " +
                                (folder / "results").string() + " " + rest);
  };
  ASSERT_EQ(run("--model " + model("kl_fp16")).exit_code, 0);
  const auto trained = testing::run_program("train " + path + " --codec vae --decoder ridge --out " + decoder);
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto without = reconstruct("");
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("--codec-model"));
  const auto other = reconstruct("--codec-model " + model("kl_bf16_bin"));
  EXPECT_EQ(other.exit_code, 4);
  EXPECT_THAT(other.err, HasSubstr("fingerprint"));
  const auto done = reconstruct("--codec-model " + model("kl_fp16"));
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(io::read_image(folder / "results/candidates/decoder/low_0.png").sizes(), (std::vector<int64_t>{24, 32, 3}));
  EXPECT_TRUE(at::equal(io::read_image(folder / "results/targets/target_0.png"),
                        subject.pictures(data::Partition::kTest).load(0)))
      << "the picture as it was shown";
}

TEST_F(Encode, TellsTrainThatTheRecordIsOfAnotherFile) {
  ASSERT_EQ(run("--model " + model("kl_fp16")).exit_code, 0);
  io::write_npy(latents, at::zeros({kRows, 4, 12, 16}));
  const auto trained =
      testing::run_program("train " + path + " --decoder ridge --out " + (folder / "decoder").string());
  EXPECT_EQ(trained.exit_code, 3);
  EXPECT_THAT(trained.err, HasSubstr("fMRI_VAE.json"));
  EXPECT_THAT(trained.err, HasSubstr("record of another"));
}

TEST_F(Encode, ExplainsWrongOptions) {
  EXPECT_EQ(run("").exit_code, 2);
  EXPECT_EQ(run("--model " + model("kl_fp16") + " --seed 7").exit_code, 2) << "--seed without --sample";
  const auto size = run("--model " + model("kl_fp16") + " --size 25");
  EXPECT_EQ(size.exit_code, 2);
  EXPECT_THAT(size.err, HasSubstr("24 x 24"));
  const auto name = run("--model " + model("kl_fp16") + " --out latents.bin");
  EXPECT_EQ(name.exit_code, 2);
  EXPECT_THAT(name.err, HasSubstr(".npy"));
  const auto sized = run("--model " + model("kl_fp16") + " --size 16 20 --out " + (folder / "z.npy").string());
  EXPECT_EQ(sized.exit_code, 0) << sized.err;
  EXPECT_EQ(io::read_npy(folder / "z.npy").sizes(), (std::vector<int64_t>{kRows, 1, 4, 8, 10}));
}

}  // namespace
}  // namespace fmri2img::commands
