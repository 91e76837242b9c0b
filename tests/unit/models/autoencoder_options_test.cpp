#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/models/autoencoder_tiny/options.h"
#include "tests/support/errors.h"

namespace fmri2img::models {
namespace {

/// The file of Stable Diffusion 1.5.
Json stable_diffusion_vae() {
  return {{"_class_name", "AutoencoderKL"},
          {"_diffusers_version", "0.6.0"},
          {"act_fn", "silu"},
          {"block_out_channels", {128, 256, 512, 512}},
          {"down_block_types", std::vector<std::string>(4, "DownEncoderBlock2D")},
          {"in_channels", 3},
          {"latent_channels", 4},
          {"layers_per_block", 2},
          {"norm_num_groups", 32},
          {"out_channels", 3},
          {"sample_size", 512},
          {"up_block_types", std::vector<std::string>(4, "UpDecoderBlock2D")}};
}

TEST(AutoencoderKLOptions, ReadsStableDiffusionsFile) {
  const auto options = AutoencoderKLOptions::from_json(stable_diffusion_vae(), "x");
  EXPECT_EQ(options.factor(), 8);
  EXPECT_EQ(options.layers_per_block, 2);
  EXPECT_EQ(options.sample_size, std::pair(int64_t{512}, int64_t{512}));
  EXPECT_EQ(options.scaling_factor, 0.18215);
  EXPECT_EQ(options.shift_factor, 0);
}

struct BadValue {
  const char* key;
  Json value;
  std::vector<std::string> parts;
};

TEST(AutoencoderKLOptions, NamesTheKeyThatItCannotUse) {
  const BadValue cases[] = {
      {"latents_mean", {0.1, 0.2}, {"latents_mean", "only null is supported"}},
      {"act_fn", "gelu", {"act_fn", "gelu", "silu"}},
      {"in_channels", 4, {"in_channels", "only 3"}},
      {"scaling_facter", 1, {"unknown key \"scaling_facter\"", "did you mean \"scaling_factor\""}},
      {"scaling_factor", 0, {"scaling_factor", "positive"}},
      {"latent_channels", 33, {"latent_channels", "33", "1 to 32"}},
      {"block_out_channels", {128, 100}, {"block_out_channels", "100", "multiple of norm_num_groups (32)"}},
      {"block_out_channels", Json::array(), {"0 entries"}},
      {"block_out_channels", {1073741824}, {"1073741824", "4096"}},
      {"up_block_types", {"AttnUpDecoderBlock2D"}, {"AttnUpDecoderBlock2D", "4 times UpDecoderBlock2D"}},
      {"down_block_types", {"DownEncoderBlock2D"}, {"down_block_types", "4 times"}},
      {"sample_size", {64, 64, 64}, {"sample_size", "[height, width]"}},
      {"sample_size", 0, {"sample_size", "1 to 8192"}},
      {"layers_per_block", "two", {"layers_per_block", "not of the expected type"}},
  };
  for (const BadValue& bad : cases) {
    SCOPED_TRACE(bad.key);
    Json json = stable_diffusion_vae();
    json[bad.key] = bad.value;
    for (const std::string& part : bad.parts) {
      EXPECT_ERROR(AutoencoderKLOptions::from_json(json, "\"vae/config.json\""), "\"vae/config.json\"", part);
    }
  }
}

TEST(AutoencoderTinyOptions, NamesTheKeyThatItCannotUse) {
  EXPECT_EQ(AutoencoderTinyOptions::from_json(Json::object(), "x").factor(), 8);
  const BadValue cases[] = {
      {"act_fn", "mish", {"act_fn", "mish", "relu"}},
      {"upsample_fn", "bilinear", {"upsample_fn", "nearest"}},
      {"upsampling_scaling_factor", 4, {"upsampling_scaling_factor", "only 2"}},
      {"encoder_block_out_channels", {64, 64, 64, 32}, {"encoder_block_out_channels", "4 equal numbers"}},
      {"decoder_block_out_channels", {64, 64}, {"decoder_block_out_channels", "4 equal numbers"}},
      {"num_encoder_blocks", {1, 3, -3, 3}, {"num_encoder_blocks", "0 to 64"}},
      {"num_decoder_blocks", {3, 3, 1}, {"4 resolutions", "\"num_decoder_blocks\" 3"}},
      {"latent_magnitud", 3, {"unknown key"}},
  };
  for (const BadValue& bad : cases) {
    SCOPED_TRACE(bad.key);
    for (const std::string& part : bad.parts) {
      EXPECT_ERROR(AutoencoderTinyOptions::from_json({{bad.key, bad.value}}, "\"config.json\""), "config.json", part);
    }
  }
}

TEST(AutoencoderTinyOptions, InfersTheAuthorsModelsFromTheirTensors) {
  const io::StateDict taesd = {{"0.weight", at::zeros({64, 3, 3, 3})}, {"14.weight", at::zeros({4, 64, 3, 3})}};
  const auto options = AutoencoderTinyOptions::from_encoder(taesd, "x");
  EXPECT_EQ(options.latent_channels, 4);
  EXPECT_EQ(options.encoder_channels, 64);
  EXPECT_FALSE(options.midblock_group_norm);
  EXPECT_ERROR(AutoencoderTinyOptions::from_encoder({{"0.weight", at::zeros({64, 3, 3, 3})}}, "\"taesd_encoder.pth\""),
               "taesd_encoder.pth",
               "\"14.weight\" is missing");
  EXPECT_ERROR(AutoencoderTinyOptions::from_encoder(
                   {{"0.weight", at::zeros({64, 3, 3, 3})}, {"14.weight", at::zeros({64, 64, 3, 3})}}, "x"),
               "64 channels",
               "at most 32");
}

}  // namespace
}  // namespace fmri2img::models
