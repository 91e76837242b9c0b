#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/random.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/parity/models/golden_models.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

void expect_answers(LatentCodec& codec, const io::StateDict& expected) {
  const at::Tensor mean = codec.encode(expected.at("picture"), {});
  EXPECT_CLOSE(mean, expected.at("mean"), 1e-4);
  EXPECT_CLOSE(codec.encode(expected.at("picture"), make_generator(13)), expected.at("sample"), 1e-4);
  EXPECT_CLOSE(codec.decode(mean), expected.at("decoded"), 1e-4);
}

// Golden: folders that diffusers saved, and what it answers after reading them back.
TEST(VaeCodec, ReadsSafetensorsInHalfPrecision) {
  const auto codec = open_codec(testing::test_data("models/kl_fp16"));
  EXPECT_EQ(codec->name(), "vae");
  EXPECT_EQ(codec->latent_shape().channels, 4);
  EXPECT_EQ(codec->picture_size().height, 24);
  EXPECT_EQ(codec->picture_size().width, 32);
  expect_answers(*codec, golden("kl_fp16_answers.safetensors"));
}

// No attention, no 1x1 convolutions around the latents, 16 latent channels, a shift.
TEST(VaeCodec, ReadsBinInBfloat16) {
  const auto codec = open_codec(testing::test_data("models/kl_bf16_bin"));
  EXPECT_EQ(codec->latent_shape().channels, 16);
  expect_answers(*codec, golden("kl_bf16_bin_answers.safetensors"));
}

TEST(VaeCodec, ReadsTheShardsOfAStableDiffusionFoldersVae) {
  const auto codec = open_codec(testing::test_data("models/kl_shards"));
  EXPECT_EQ(codec->latent_shape().channels, 1);
  expect_answers(*codec, golden("kl_shards_answers.safetensors"));
}

/// The folder kl_fp16 with each tensor passed through `change`, which returns its new name.
void rewrite(const fs::path& folder, const std::function<std::string(const std::string&, at::Tensor&)>& change) {
  const fs::path from = testing::test_data("models/kl_fp16");
  fs::copy_file(from / "config.json", folder / "config.json");
  io::StateDict changed;
  for (auto [name, tensor] : io::read_safetensors(from / "diffusion_pytorch_model.safetensors")) {
    const std::string new_name = change(name, tensor);
    changed.emplace(new_name, tensor);
  }
  io::write_safetensors(folder / "diffusion_pytorch_model.safetensors", changed);
}

TEST(VaeCodec, AcceptsTheAttentionNamesAndShapesOfEarlyFiles) {
  const testing::TemporaryFolder folder;
  int renamed = 0;
  rewrite(folder.path(), [&](const std::string& name, at::Tensor& tensor) {
    const std::pair<std::string, std::string> pairs[] = {
        {".to_q.", ".query."}, {".to_k.", ".key."}, {".to_v.", ".value."}, {".to_out.0.", ".proj_attn."}};
    for (const auto& [now, early] : pairs) {
      if (const size_t place = name.find(now); place != std::string::npos) {
        ++renamed;
        if (tensor.dim() == 2) tensor = tensor.unsqueeze(2).unsqueeze(3);
        return std::string(name).replace(place, now.size(), early);
      }
    }
    return name;
  });
  EXPECT_EQ(renamed, 16);  // weight and bias of four layers in two halves
  const auto codec = open_codec(folder.path());
  expect_answers(*codec, golden("kl_fp16_answers.safetensors"));
  EXPECT_EQ(codec->config(), open_codec(testing::test_data("models/kl_fp16"))->config()) << "the same fingerprint";
}

TEST(VaeCodec, RefusesWeightsThatAreNotTheModels) {
  const testing::TemporaryFolder folder;
  rewrite(folder.path(), [](const std::string& name, at::Tensor& tensor) {
    if (name == "encoder.conv_in.weight") tensor = tensor.narrow(0, 0, 4).contiguous();
    return name == "quant_conv.bias" ? "quant_conv.bais" : name;
  });
  EXPECT_ERROR(open_codec(folder.path()),
               (folder / "diffusion_pytorch_model.safetensors").string(),
               "\"encoder.conv_in.weight\" is 4 x 3 x 3 x 3, the model expects 8 x 3 x 3 x 3",
               "\"quant_conv.bias\" (8) is missing",
               "\"quant_conv.bais\" (8) is unknown");
}

TEST(VaeCodec, NamesTheShardOfATensorThatDoesNotFit) {
  const testing::TemporaryFolder folder;
  fs::copy(testing::test_data("models/kl_shards/vae"), folder.path(), fs::copy_options::recursive);
  const fs::path shard = folder / "diffusion_pytorch_model-00002-of-00002.safetensors";
  io::StateDict tensors = io::read_safetensors(shard);
  tensors["decoder.conv_out.bias"] = at::zeros({5});
  io::write_safetensors(folder / "changed", tensors);
  fs::rename(folder / "changed", shard);
  EXPECT_ERROR(open_codec(folder.path()), shard.string() + "\" does not hold", "\"decoder.conv_out.bias\" is 5");
}

TEST(VaeCodec, ResizesPicturesAndTakesGrey) {
  const auto codec = open_codec(testing::test_data("models/kl_fp16"));
  at::Generator generator = make_generator(3);
  const at::Tensor grey = at::rand({1, 1, 40, 52}, generator);
  const at::Tensor resized = at::_upsample_bilinear2d_aa(grey.expand({1, 3, 40, 52}).contiguous(), {24, 32}, false);
  EXPECT_TRUE(at::equal(codec->encode(grey, {}), codec->encode(resized, {})));
  EXPECT_ERROR(codec->encode(at::zeros({1, 2, 24, 32}), {}), "1 x 2 x 24 x 32", "N x 3");
}

TEST(VaeCodec, TakesAnotherPictureSizeInWholeLatents) {
  const fs::path folder = testing::test_data("models/kl_fp16");
  const auto codec = open_codec(folder, {.picture_size = std::pair(17, 40)});
  EXPECT_EQ(codec->picture_size().height, 16);
  EXPECT_EQ(codec->latent_shape().width, 20);
  EXPECT_EQ(codec->decode(at::zeros({3, 4, 8, 20})).sizes(), (std::vector<int64_t>{3, 3, 16, 40}));
  EXPECT_ERROR(open_codec(folder, {.picture_size = std::pair(1, 40)}), "1 x 40", "2 x 2");
}

TEST(MakeCodec, TellsOneAutoencoderFromAnother) {
  const fs::path folder = testing::test_data("models/kl_fp16");
  const Json config = open_codec(folder, {.picture_size = std::pair(16, 16)})->config();
  const auto codec = make_codec(config, folder);
  EXPECT_EQ(codec->picture_size().height, 16);
  EXPECT_EQ(codec->config(), config);
  EXPECT_ERROR(make_codec(config, testing::test_data("models/kl_bf16_bin")),
               "not the autoencoder that this decoder was trained for",
               "fingerprint",
               "kl_bf16_bin");
  EXPECT_ERROR(make_codec(config, std::nullopt), "--codec-model", "vae");
  EXPECT_ERROR(make_codec({{"name", "vqgan"}}, folder), "vqgan", "unknown");
}

TEST(MakeCodec, ChecksTheShapeWhereNobodyRecordedTheCodec) {
  const Json config = {{"name", "vae"}, {"latent_shape", {4, 6, 10}}};
  EXPECT_EQ(make_codec(config, testing::test_data("models/kl_fp16"))->picture_size().width, 20);
  EXPECT_ERROR(make_codec(config, testing::test_data("models/kl_shards")), "latent_shape", "[1,6,10]", "[4,6,10]");
  EXPECT_ERROR(make_codec({{"name", "vae"}, {"latent_shape", {4, 0, 10}}}, testing::test_data("models/kl_fp16")),
               "[4,0,10]");
}

TEST(OpenCodec, SaysWhatItLookedFor) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(open_codec(folder.path()), "config.json", "vae/", "tae*_encoder.pth");
  EXPECT_ERROR(open_codec(folder / "absent"), "absent", "not there");
  write_file(folder / "taesd_encoder.pth", "");
  EXPECT_ERROR(open_codec(folder.path()), "1 tae*_encoder.pth and 0 tae*_decoder.pth");
  EXPECT_ERROR(open_codec(folder / "taesd_encoder.pth"), "a file", "expected the folder");
  write_file(folder / "config.json", R"({"_class_name": "VQModel"})");
  EXPECT_ERROR(open_codec(folder.path()), "config.json", "VQModel", "AutoencoderTiny");
  write_file(folder / "config.json", "{}");
  EXPECT_ERROR(open_codec(folder.path()), "_class_name", "missing");
}

}  // namespace
}  // namespace fmri2img::models
