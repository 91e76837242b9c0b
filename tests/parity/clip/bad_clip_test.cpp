// What `load_clip` says of folders and files that it cannot use.
#include <functional>

#include "fmri2img/core/json.h"
#include "fmri2img/io/torch_script.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "tests/parity/clip/golden_clip.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

class BadClip : public ::testing::Test {
 protected:
  void SetUp() override { fs::copy(clip_data("vision"), folder_.path(), fs::copy_options::recursive); }

  void change_weights(const std::function<void(io::StateDict&)>& change) {
    io::StateDict tensors = io::read_safetensors(clip_data("vision/model.safetensors"));
    for (auto& [name, tensor] : tensors) tensor = tensor.clone();
    change(tensors);
    io::write_safetensors(folder_ / "model.safetensors", tensors);
  }

  void change_config(const std::function<void(Json&)>& change) {
    Json json = read_json(folder_ / "config.json");
    change(json);
    write_json(folder_ / "config.json", json);
  }

  std::string where() const { return "\"" + folder_.path().string() + "\""; }
  std::string weights() const { return "\"" + (folder_ / "model.safetensors").string() + "\""; }

  testing::TemporaryFolder folder_;
};

TEST_F(BadClip, AFolderWithoutConfigOrWeights) {
  fs::remove(folder_ / "model.safetensors");
  EXPECT_ERROR(load_clip(folder_.path()), where(), "holds no weights");
  fs::remove(folder_ / "config.json");
  EXPECT_ERROR(load_clip(folder_.path()), where(), "config.json", "ViT-L-14.pt");
  EXPECT_ERROR(load_clip(folder_ / "nowhere"), "nowhere", "is not there");
}

TEST_F(BadClip, TensorsThatDoNotFit) {
  change_weights([](io::StateDict& tensors) { tensors.erase("visual_projection.weight"); });
  EXPECT_ERROR(load_clip(folder_.path()), weights(), "\"visual_projection.weight\" (20 x 32) is missing");
  change_weights([](io::StateDict& tensors) { tensors["head.weight"] = at::zeros({2, 3}); });
  EXPECT_ERROR(load_clip(folder_.path()), weights(), "\"head.weight\" (2 x 3) is unknown to the model");
  change_weights([](io::StateDict& tensors) { tensors["visual_projection.weight"] = at::zeros({20, 33}); });
  EXPECT_ERROR(
      load_clip(folder_.path()), weights(), "\"visual_projection.weight\" is 20 x 33, the model expects 20 x 32");
}

TEST_F(BadClip, WeightsThatAreNoNumbers) {
  const char* name = "vision_model.encoder.layers.0.mlp.fc2.bias";
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    for (const auto type : {at::kFloat, at::kHalf, at::kBFloat16, at::kDouble}) {
      change_weights([&](io::StateDict& tensors) {
        tensors[name] = tensors[name].to(type);
        tensors[name][5] = value;
      });
      EXPECT_ERROR(load_clip(folder_.path()), weights(), fmt::format("\"{}\" holds NaN or infinite numbers", name));
    }
  }
}

TEST_F(BadClip, FilesThatHoldNoTensors) {
  fs::remove(folder_ / "model.safetensors");
  fs::copy(testing::test_data("io_models/torch/calls_system.pt"), folder_ / "pytorch_model.bin");
  EXPECT_ERROR(load_clip(folder_.path()), "pytorch_model.bin", "system");
  write_json(folder_ / "pytorch_model.bin", Json::object());
  EXPECT_ERROR(load_clip(folder_.path()), "pytorch_model.bin", "not a PyTorch file");
  EXPECT_ERROR(load_clip(folder_ / "config.json"), "config.json", "not a PyTorch file");
  fs::copy(testing::test_data("io_models/torch/namespace.pt"), folder_ / "x.pt");
  EXPECT_ERROR(load_clip(folder_ / "x.pt"), "x.pt");
  EXPECT_ERROR(load_clip(clip_data("clip/model.safetensors")), "model.safetensors", "name the folder");
}

TEST_F(BadClip, ConfigsOfOtherModels) {
  change_config([](Json& json) { json["model_type"] = "clip_text_model"; });
  EXPECT_ERROR(load_clip(folder_.path()), "config.json", "clip_text_model", "\"clip\" (both towers)");
  change_config([](Json& json) { json.erase("model_type"); });
  EXPECT_ERROR(load_clip(folder_.path()), "config.json", "\"model_type\" is missing");
}

TEST_F(BadClip, PicturesOfAnotherSize) {
  write_json(folder_ / "preprocessor_config.json", {{"size", 16}, {"crop_size", 16}});
  EXPECT_ERROR(ClipEmbedder(load_clip(folder_.path()), at::kFloat, at::kCPU), "16 x 16", "the model's 17 x 17");
  write_json(folder_ / "preprocessor_config.json", {{"do_center_crop", false}});
  EXPECT_ERROR(ClipEmbedder(load_clip(folder_.path()), at::kFloat, at::kCPU), "of many sizes", "17 x 17");
}

class BadOpenAi : public ::testing::Test {
 protected:
  void expect_error(const std::string& part, const std::function<void(io::StateDict&)>& change) {
    io::StateDict tensors = io::read_torch_script(clip_data("openai.pt"));
    for (auto& [name, tensor] : tensors) tensor = tensor.contiguous();
    change(tensors);
    io::write_safetensors(folder_ / "ViT.safetensors", tensors);
    EXPECT_ERROR(load_clip(folder_ / "ViT.safetensors"), "ViT.safetensors\"", part);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(BadOpenAi, TensorsThatDoNotFit) {
  expect_error("\"ln_final.weight\" is missing", [](io::StateDict& tensors) { tensors.erase("ln_final.weight"); });
  expect_error("\"visual.layer1.0.conv1.weight\"",
               [](io::StateDict& tensors) { tensors["visual.layer1.0.conv1.weight"] = at::zeros({1}); });
  expect_error("\"visual.ln_post.weight\" is 96 wide; expected a multiple of 64",
               [](io::StateDict& tensors) { tensors["visual.ln_post.weight"] = at::zeros({96}); });
  expect_error("has 16 rows; expected 1 more than a square number", [](io::StateDict& tensors) {
    tensors["visual.positional_embedding"] = at::zeros({16, 128});
  });
  expect_error("\"attn.in_proj_bias\" of block 0 is 100",
               [](io::StateDict& tensors) { tensors["transformer.resblocks.0.attn.in_proj_bias"] = at::zeros({100}); });
  expect_error("by the names of transformers", [](io::StateDict& tensors) { tensors.erase("visual.ln_pre.bias"); });
  expect_error("\"vision_model.pre_layrnorm.bias\" (128) is missing",
               [](io::StateDict& tensors) { tensors.erase("visual.ln_pre.bias"); });
  expect_error("\"token_embedding.weight\" is 0 x 64; expected sizes of 1 to", [](io::StateDict& tensors) {
    tensors["token_embedding.weight"] = at::zeros({0, 64});
  });
}

TEST_F(BadOpenAi, ATruncatedArchive) {
  fs::copy(clip_data("openai.pt"), folder_ / "ViT.pt");
  fs::resize_file(folder_ / "ViT.pt", 200'000);
  EXPECT_ERROR(load_clip(folder_ / "ViT.pt"), "ViT.pt");
}

// Another program than CLIP's.
TEST_F(BadOpenAi, AnotherArchive) {
  EXPECT_ERROR(load_clip(testing::test_data("io_models/torch/script.pt")), "script.pt", "visual.class_embedding");
}

}  // namespace
}  // namespace fmri2img::models
