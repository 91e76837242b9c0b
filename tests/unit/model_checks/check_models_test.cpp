// Claims: the golden models pass and are named with their parameters; every way in which a copy is broken becomes a
// finding with the name of the file and of the key or tensor, all of them together; parts that do not fit are told; the
// manual lists every code.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <regex>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/model_checks/check_models.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

using data::Finding;
using data::Severity;
using ::testing::HasSubstr;

const char* const kUNetWeights = "unet/diffusion_pytorch_model.safetensors";

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += fmt::format(
        "{} {} {}: {}\n", data::severity_name(finding.severity), finding.code, finding.file.string(), finding.what);
  return text;
}

int64_t count(const std::vector<Finding>& findings, Severity severity) {
  return std::ranges::count(findings, severity, &Finding::severity);
}

void change_json(const fs::path& file, const std::function<void(Json&)>& change) {
  Json json = read_json(file);
  change(json);
  write_json(file, json);
}

void change_weights(const fs::path& file, const std::function<void(io::StateDict&)>& change) {
  io::StateDict tensors = io::read_state_dict(file);
  for (auto& [name, tensor] : tensors) tensor = tensor.clone();
  change(tensors);
  io::write_safetensors(file, tensors);
}

class CheckModels : public ::testing::Test {
 protected:
  fs::path copy(const char* model) const {
    fs::copy(testing::test_data(model), folder / "model", fs::copy_options::recursive);
    return folder / "model";
  }

  testing::TemporaryFolder folder;
};

TEST_F(CheckModels, GoldenModelsPass) {
  for (const char* model : {"img2img/sd1",
                            "img2img/sd2",
                            "clip/clip",
                            "clip/vision",
                            "clip/openai.pt",
                            "clip/sd1/text_encoder",
                            "blip/saved",
                            "img2img/sd1/unet",
                            "img2img/sd1/vae"}) {
    const std::vector<Finding> findings = check_model(testing::test_data(model));
    EXPECT_EQ(count(findings, Severity::kError) + count(findings, Severity::kWarning), 0) << model << text_of(findings);
    EXPECT_GE(count(findings, Severity::kNote), 1) << model;
  }
}

TEST_F(CheckModels, SizeIsTheNumberOfParametersTimesTheirBytes) {
  const fs::path unet = testing::test_data("img2img/sd1/unet");
  int64_t numbers = 0;
  for (const auto& [name, tensor] : io::read_state_dict(unet)) numbers += tensor.numel();
  ASSERT_TRUE(numbers > 1000 && numbers < 1000000);
  const std::string thousands = fmt::format("{},{:03}", numbers / 1000, numbers % 1000);
  EXPECT_THAT(text_of(check_model(unet)),
              HasSubstr(fmt::format("note model-size .: unet: {} parameters, {} in fp32, {} in bf16",
                                    thousands,
                                    format_bytes(numbers * 4),
                                    format_bytes(numbers * 2))));
}

TEST_F(CheckModels, EveryTensorThatDoesNotFitIsNamed) {
  const fs::path model = copy("img2img/sd1");
  change_weights(model / kUNetWeights, [](io::StateDict& tensors) {
    tensors.erase("conv_in.bias");
    tensors["conv_out.bias"] = at::zeros({7});
    tensors["conv_in.weight"].view(-1)[3] = std::numeric_limits<float>::quiet_NaN();
    tensors["time_embedding.linear_1.bias"] = tensors["time_embedding.linear_1.bias"].to(at::kInt);
    tensors["lora.up"] = at::zeros({2, 3});
  });
  const std::vector<Finding> findings = check_model(model);
  const std::string text = text_of(findings);
  EXPECT_EQ(count(findings, Severity::kError), 5) << text;
  EXPECT_THAT(
      text,
      HasSubstr(
          "error model-tensor unet/diffusion_pytorch_model.safetensors: tensor \"conv_in.bias\" (16) is missing"));
  EXPECT_THAT(text, HasSubstr("tensor \"conv_out.bias\" is 7, the model expects 4"));
  EXPECT_THAT(text, HasSubstr("tensor \"conv_in.weight\" holds NaN or infinite numbers"));
  EXPECT_THAT(text, HasSubstr("tensor \"time_embedding.linear_1.bias\" holds Int"));
  EXPECT_THAT(text, HasSubstr("tensor \"lora.up\" (2 x 3) is unknown to the model"));
}

TEST_F(CheckModels, TwentyTensorsAreNamedAndTheRestCounted) {
  const fs::path model = copy("img2img/sd1/unet");
  change_weights(model / "diffusion_pytorch_model.safetensors", [](io::StateDict& tensors) {
    for (int i = 0; i < 23; ++i) tensors[fmt::format("extra.{}", i)] = at::zeros({1});
  });
  const std::vector<Finding> findings = check_model(model);
  EXPECT_EQ(count(findings, Severity::kError), 21) << text_of(findings);
  EXPECT_THAT(text_of(findings), HasSubstr("3 more tensors do not fit"));
}

TEST_F(CheckModels, MissingPartsAreNamedAndTheOthersStillChecked) {
  const fs::path model = copy("img2img/sd1");
  fs::remove_all(model / "tokenizer");
  fs::remove(model / "vae/config.json");
  fs::remove(model / "text_encoder/model.safetensors");
  fs::create_directory(model / "safety_checker");
  const std::string text = text_of(check_model(model));
  EXPECT_THAT(text,
              HasSubstr("error model-part-missing tokenizer: lacks vocab.json and merges.txt, or tokenizer.json"));
  EXPECT_THAT(text, HasSubstr("error model-part-missing vae/config.json: is missing"));
  EXPECT_THAT(text, HasSubstr("error model-file text_encoder: holds no weights"));
  EXPECT_THAT(text, HasSubstr("note model-part-unused safety_checker: is not used"));
  EXPECT_THAT(text, HasSubstr("note model-size unet: unet: "));
}

TEST_F(CheckModels, ConfigurationsThatCannotBeReadAreNamed) {
  const fs::path model = copy("img2img/sd1");
  change_json(model / "unet/config.json", [](Json& json) { json["layer_per_block"] = 2; });
  change_json(model / "scheduler/scheduler_config.json", [](Json& json) { json["beta_start"] = "a lot"; });
  change_json(model / "model_index.json", [](Json& json) { json["_class_name"] = "StableDiffusionXLPipeline"; });
  write_file(model / "tokenizer/tokenizer.json", "{");
  const std::string text = text_of(check_model(model));
  EXPECT_THAT(text, HasSubstr("error model-config unet/config.json: "));
  EXPECT_THAT(text, HasSubstr("\"layer_per_block\""));
  EXPECT_THAT(text, HasSubstr("error model-config scheduler/scheduler_config.json: \"beta_start\""));
  EXPECT_THAT(text, HasSubstr("error model-config model_index.json: \"_class_name\" is \"StableDiffusionXLPipeline\""));
  EXPECT_THAT(text, HasSubstr("error model-config tokenizer/tokenizer.json: not valid JSON"));
}

TEST_F(CheckModels, PartsOfDifferentStableDiffusionsDoNotFit) {
  const fs::path model = copy("img2img/sd1");
  change_json(model / "unet/config.json", [](Json& json) {
    json["cross_attention_dim"] = 24;
    json["in_channels"] = 9;
  });
  change_json(model / "text_encoder/config.json", [](Json& json) { json["vocab_size"] = 100; });
  const std::string text = text_of(check_model(model));
  EXPECT_THAT(text, HasSubstr("error model-parts .: the unet takes 9 channels and gives 4, the vae's latents have 4"));
  EXPECT_THAT(text, HasSubstr("error model-parts .: the text encoder gives 16 numbers a token, the unet takes 24"));
  EXPECT_THAT(text, HasSubstr("error model-parts tokenizer: "));
  EXPECT_THAT(text, HasSubstr(" has the id 518, "));
  EXPECT_THAT(text, HasSubstr("text_encoder/config.json\" has embeddings for 0 to 99 (\"vocab_size\")"));
}

TEST_F(CheckModels, ProcessorsAndTokenizersHaveToFitTheModel) {
  fs::path model = copy("clip/clip");
  change_json(model / "preprocessor_config.json", [](Json& json) { json["crop_size"] = 999; });
  EXPECT_THAT(text_of(check_model(model)),
              HasSubstr("error model-parts .: CLIP: the image processor's pictures are 999 x 999"));
  fs::remove_all(model);
  model = copy("blip/saved");
  change_json(model / "preprocessor_config.json", [](Json& json) { json["size"] = {{"height", 99}, {"width", 99}}; });
  write_file(model / "vocab.txt", read_file(model / "vocab.txt") + "one\ntwo\nthree\nfour\nfive\n");
  const std::string text = text_of(check_model(model));
  EXPECT_THAT(text, HasSubstr("makes pictures of 99 x 99"));
  EXPECT_THAT(text, HasSubstr("the tokenizer has a token 50, the model's \"vocab_size\" is 48"));
}

TEST_F(CheckModels, BlipNeedsItsTokenizer) {
  const fs::path model = copy("blip/saved");
  fs::remove(model / "vocab.txt");
  const std::string text = text_of(check_model(model));
  EXPECT_THAT(text, HasSubstr("error model-file .: "));
  EXPECT_THAT(text, HasSubstr("vocab.txt"));
}

TEST_F(CheckModels, WhatIsNoModelIsToldApart) {
  EXPECT_THAT(text_of(check_model(folder / "nothing")), HasSubstr("error model-missing .: is not there"));
  EXPECT_THAT(text_of(check_model(folder.path())), HasSubstr("error model-unknown .: is not the folder of a model"));
  write_file(folder / "config.json", R"({"model_type": "llama"})");
  EXPECT_THAT(text_of(check_model(folder.path())), HasSubstr("model-unknown config.json: is of a model \"llama\""));
  write_file(folder / "notes.pt", "no weights");
  EXPECT_THAT(text_of(check_model(folder / "notes.pt")), HasSubstr("error model-file .: "));
}

TEST_F(CheckModels, HalvesOfATinyAutoencoderAreOneModel) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vae/taef2_encoder.pth");
  const fs::path encoder = testing::reference_data("vae/taef2_encoder.pth");
  const fs::path decoder = testing::reference_data("vae/taef2_decoder.pth");
  int64_t numbers = 0;
  for (const fs::path& half : {encoder, decoder}) {
    for (const auto& [name, tensor] : io::read_state_dict(half)) numbers += tensor.numel();
  }
  fs::copy_file(encoder, folder / "taef2_encoder.pth");
  EXPECT_THAT(text_of(check_model(folder.path())), HasSubstr("holds 1 tae*_encoder.pth and 0 tae*_decoder.pth"));
  fs::copy_file(decoder, folder / "taef2_decoder.pth");
  const std::vector<Finding> findings = check_model(folder.path());
  EXPECT_EQ(findings.size(), 1U) << text_of(findings);
  EXPECT_THAT(text_of(findings), HasSubstr("note model-size .: tiny autoencoder: " + format_count(numbers) + " param"));
  fs::resize_file(folder / "taef2_decoder.pth", 1000);
  EXPECT_THAT(text_of(check_model(folder.path())), HasSubstr("error model-file taef2_decoder.pth: "));
}

TEST_F(CheckModels, HalvesThatHoldNoWeightsAreNamed) {
  write_file(folder / "taesd_encoder.pth", "no weights");
  write_file(folder / "taesd_decoder.pth", "no weights");
  EXPECT_THAT(text_of(check_model(folder.path())), HasSubstr("error model-file taesd_encoder.pth: "));
}

TEST_F(CheckModels, ZooSaysWhatIsThereAndWhatIsNot) {
  EXPECT_THAT(text_of(check_zoo(folder / "nothing")), HasSubstr("error model-missing .: there is no such folder"));
  EXPECT_THAT(text_of(check_zoo(folder.path())), HasSubstr("error zoo-empty .: holds no model"));
  fs::copy(testing::test_data("img2img/sd1"), folder / "stable-diffusion", fs::copy_options::recursive);
  fs::copy(testing::test_data("blip/saved"), folder / "blip", fs::copy_options::recursive);
  const std::vector<Finding> findings = check_zoo(folder.path());
  const std::string text = text_of(findings);
  EXPECT_EQ(count(findings, Severity::kError), 0) << text;
  EXPECT_THAT(text, HasSubstr("warning zoo-part-missing clip: there is no such folder"));
  EXPECT_THAT(text, HasSubstr("note model-size stable-diffusion/unet: unet: "));
  EXPECT_THAT(text, HasSubstr("note model-size blip: BLIP: "));
}

TEST(ModelCodes, StandInTheManual) {
  const fs::path root = testing::test_data("../..").lexically_normal();
  const std::string manual = read_file(root / "doc/formats/models.md");
  const std::regex code("\"((model|zoo)-[a-z-]+)\"");
  int64_t codes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "fmri2img/model_checks")) {
    const std::string source = read_file(entry.path());
    for (std::sregex_iterator match(source.begin(), source.end(), code), end; match != end; ++match, ++codes)
      EXPECT_THAT(manual, HasSubstr("`" + (*match)[1].str() + "`"));
  }
  EXPECT_GE(codes, 10);
}

}  // namespace
}  // namespace fmri2img::model_checks
