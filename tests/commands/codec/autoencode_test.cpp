// `fmri2img autoencode`: one picture through an autoencoder and back. Truth: the library's codec, whose parity with
// diffusers has its own tests, and the published answers of TAEF2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/commands/codec/codec_test_support.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

class Autoencode : public ::testing::Test {
 protected:
  testing::ProgramResult run(const std::string& rest) {
    return testing::run_program("autoencode " + image + " --out " + out + " " + rest);
  }

  testing::TemporaryFolder folder;
  std::string image = (folder / "in.png").string();
  std::string out = (folder / "out.png").string();
};

TEST_F(Autoencode, WritesThePictureAndItsLatents) {
  const at::Tensor pixels = random_pixels(30, 41);
  io::write_png(image, pixels);
  const auto result = run("--model " + model("kl_fp16") + " --json --latents-out " + (folder / "z.npy").string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto codec = models::open_codec(model("kl_fp16"), {.picture_size = std::pair(30, 40)});
  const at::Tensor input = as_input(pixels.narrow(1, 0, 40));
  const at::Tensor latents = codec->encode(input, {});
  EXPECT_TRUE(at::allclose(io::read_npy(folder / "z.npy"), latents[0], 1e-4, 1e-5));
  const at::Tensor decoded = codec->decode(latents);
  const at::Tensor rounded = decoded[0].permute({1, 2, 0}).mul(255).round();
  EXPECT_LE((io::read_image(out).to(at::kFloat) - rounded).abs().max().item<double>(), 1);
  const Json figures = parse_json(result.out, "stdout");
  EXPECT_EQ(figures["image_size"], Json({30, 41}));
  EXPECT_EQ(figures["used_size"], Json({30, 40}));
  EXPECT_EQ(figures["latent_shape"], Json({4, 15, 20}));
  EXPECT_NEAR(figures["psnr_db"].get<double>(), -10 * std::log10(at::mse_loss(decoded, input).item<double>()), 1e-3);
}

TEST_F(Autoencode, SaysWhatItCutOff) {
  io::write_png(image, random_pixels(30, 41));
  const auto result = run("--model " + model("kl_fp16"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("cropped from 30 x 41 to 30 x 40"));
  EXPECT_THAT(result.out, HasSubstr("PSNR "));
  io::write_png(image, random_pixels(30, 40));
  EXPECT_THAT(run("--model " + model("kl_fp16")).out, Not(HasSubstr("cropped")));
}

TEST_F(Autoencode, SamplesThePosteriorOnDemand) {
  io::write_png(image, random_pixels(24, 32));
  const auto z = [&](const std::string& options) {
    const auto result =
        run("--model " + model("kl_fp16") + " " + options + " --latents-out " + (folder / "z.npy").string());
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return io::read_npy(folder / "z.npy").clone();
  };
  const at::Tensor mean = z("");
  const at::Tensor sample = z("--sample --seed 7");
  EXPECT_FALSE(at::allclose(mean, sample, 1e-3, 1e-3));
  EXPECT_TRUE(at::equal(z("--sample --seed 7"), sample));
  const at::Tensor bf16 = z("--dtype bf16");
  EXPECT_FALSE(at::equal(bf16, mean));
  EXPECT_LT((bf16 - mean).abs().max().item<double>(), 0.05 * mean.abs().max().item<double>());
}

TEST_F(Autoencode, ReproducesThePretrainedTaef2) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vae/taef2_encoder.pth");
  io::write_png(image,
                io::read_image(testing::reference_data("photos/astronaut.png")).narrow(0, 0, 256).narrow(1, 128, 256));
  const auto result = run("--model " + testing::reference_data("vae").string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("PSNR 32.201 dB"));
  EXPECT_THAT(result.out, HasSubstr("32 x 32 x 32, mean -0.0532"));
}

TEST_F(Autoencode, ExplainsWrongInput) {
  io::write_png(image, random_pixels(30, 40));
  const auto no_model = run("--model " + (folder / "nothing").string());
  EXPECT_EQ(no_model.exit_code, 3);
  EXPECT_THAT(no_model.err, HasSubstr("nothing"));
  EXPECT_EQ(run("").exit_code, 2);
  EXPECT_EQ(run("--model " + model("kl_fp16") + " --dtype int8").exit_code, 2);
  EXPECT_EQ(run("--model " + model("kl_fp16") + " --seed 7").exit_code, 2) << "--seed without --sample";
  io::write_png(image, random_pixels(1, 40));
  const auto small = run("--model " + model("kl_fp16"));
  EXPECT_EQ(small.exit_code, 3);
  EXPECT_THAT(small.err, HasSubstr("1 x 40 are too small"));
  write_file(image, "no picture");
  const auto broken = run("--model " + model("kl_fp16"));
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_THAT(broken.err, HasSubstr("in.png"));
  EXPECT_FALSE(std::filesystem::exists(out));
  out = (folder / "out.jpg").string();
  EXPECT_THAT(run("--model " + model("kl_fp16")).err, HasSubstr("give a .png name"));
  out = (folder / "nowhere/out.png").string();
  EXPECT_THAT(run("--model " + model("kl_fp16")).err, HasSubstr("make it first"));
}

}  // namespace
}  // namespace fmri2img::commands
