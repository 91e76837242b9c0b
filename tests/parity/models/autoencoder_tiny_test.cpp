#include "fmri2img/models/autoencoder_tiny/autoencoder_tiny.h"

#include "fmri2img/io/image.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/parity/models/golden_models.h"
#include "tests/support/errors.h"

namespace fmri2img::models {
namespace {

// Golden: diffusers' AutoencoderTiny with five latent channels, latents large enough to saturate.
TEST(TinyCodec, ReproducesReferenceValues) {
  const io::StateDict expected = golden("tiny_fp16_answers.safetensors");
  const auto codec = open_codec(testing::test_data("models/tiny_fp16"), {.picture_size = std::pair(24, 32)});
  EXPECT_EQ(codec->name(), "tiny");
  EXPECT_EQ(codec->latent_shape().height, 6);
  EXPECT_CLOSE(codec->encode(expected.at("picture"), {}), expected.at("mean"), 1e-4);
  EXPECT_CLOSE(codec->decode(expected.at("decode_input")), expected.at("decoded"), 1e-4);
}

struct KnownAnswer {
  const char* photo;
  int64_t left;
  double mean, sd, first, last, psnr_db;
};

// Reference: the pretrained TAEF2, answers of the reference implementation listed beside it (shared/data/README.md).
TEST(TinyCodec, ReproducesThePretrainedTaef2) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vae/taef2_encoder.pth");
  const auto codec = open_codec(testing::reference_data("vae"), {.picture_size = std::pair(256, 256)});
  EXPECT_EQ(codec->latent_shape().channels, 32);
  for (const KnownAnswer& known : {KnownAnswer{"chelsea.png", 0, -.01738, .83372, .0076, .3682, 31.249},
                                   KnownAnswer{"astronaut.png", 128, -.05326, .88164, .2900, -2.7212, 32.201}}) {
    SCOPED_TRACE(known.photo);
    const at::Tensor crop =
        io::read_image(testing::reference_data("photos") / known.photo).narrow(0, 0, 256).narrow(1, known.left, 256);
    const at::Tensor picture = crop.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div(255);
    const at::Tensor latents = codec->encode(picture, {});
    EXPECT_NEAR(latents.mean().item<double>(), known.mean, 2e-5);
    EXPECT_NEAR(latents.std().item<double>(), known.sd, 2e-5);
    EXPECT_NEAR(latents[0][0][0][0].item<double>(), known.first, 1e-4);
    EXPECT_NEAR(latents[0][31][31][31].item<double>(), known.last, 1e-4);
    const at::Tensor decoded = codec->decode(latents);
    EXPECT_NEAR(-10 * std::log10(at::mse_loss(decoded, picture).item<double>()), known.psnr_db, 1e-3);
  }
}

TEST(AutoencoderTiny, JoinsTheAuthorsFilesUnderDiffusersNames) {
  const at::Tensor value = at::ones({1});
  const io::StateDict joined =
      join_tiny_halves({{"0.weight", value}}, {{"1.weight", value}, {"12.conv.0.bias", value}}, "x");
  EXPECT_EQ(joined.size(), 3U);
  EXPECT_TRUE(joined.contains("encoder.layers.0.weight"));
  EXPECT_TRUE(joined.contains("decoder.layers.0.weight"));
  EXPECT_TRUE(joined.contains("decoder.layers.11.conv.0.bias"));
  EXPECT_ERROR(join_tiny_halves({}, {{"0.weight", value}}, "taesd"), "taesd", "\"0.weight\"");
  EXPECT_ERROR(join_tiny_halves({}, {{"conv_in.weight", value}}, "taesd"), "conv_in.weight", "1.weight");
}

}  // namespace
}  // namespace fmri2img::models
