#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/captioner.h"
#include "tests/parity/blip/patchwork.h"
#include "tests/parity/models/golden_models.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

const std::string kEmbeddings = "text_decoder.bert.embeddings.word_embeddings.weight";
const std::string kHead = "text_decoder.cls.predictions.decoder.weight";
const std::string kHeadBias = "text_decoder.cls.predictions.decoder.bias";
const std::string kBias = "text_decoder.cls.predictions.bias";

fs::path saved() {
  return testing::test_data("blip/saved");
}

CaptionerOptions captioner_options(const Json& json) {
  CaptionerOptions options;
  options.input = json["input"] == "raw255" ? CaptionInput::kRaw255 : CaptionInput::kProcessor;
  options.prompt = json["prompt"];
  options.generation.num_beams = json["options"].value("num_beams", 1);
  if (json["options"].contains("max_new_tokens")) options.generation.max_new_tokens = json["options"]["max_new_tokens"];
  options.generation.repetition_penalty = json["options"].value("repetition_penalty", 1.0);
  options.generation.min_length = json["options"].value("min_length", 0);
  return options;
}

void expect_reference_captions(const fs::path& folder) {
  for (const Json& json : read_json(testing::test_data("blip/saved_captions.json"))) {
    const std::vector<Caption> captions = open_captioner(folder, captioner_options(json))->caption(patchworks());
    ASSERT_EQ(captions.size(), json["tokens"].size());
    for (size_t i = 0; i < captions.size(); ++i) {
      EXPECT_EQ(captions[i].tokens, json["tokens"][i].get<std::vector<int64_t>>()) << json.dump();
      EXPECT_EQ(captions[i].text, json["texts"][i]) << json.dump();
    }
  }
}

// Golden: a folder that transformers 5.24 saved, and its captions by BlipProcessor (Pillow) and generate.
TEST(BlipCaptioner, GivesTheReferencesCaptions) {
  expect_reference_captions(saved());
}

TEST(BlipCaptioner, FindsTheModelOfAZoo) {
  const testing::TemporaryFolder zoo;
  fs::copy(saved(), zoo / "blip");
  expect_reference_captions(zoo.path());
}

TEST(BlipCaptioner, LeavesSpecialTokensOutThatTheVocabularyNames) {
  const testing::TemporaryFolder folder;
  fs::copy(saved(), folder.path(), fs::copy_options::recursive);
  std::ofstream(folder / "vocab.txt", std::ios::app) << "[DEC]\n[ENC]\n";
  expect_reference_captions(folder.path());
}

TEST(BlipCaptioner, CaptionsManyPicturesInTheirOrder) {
  std::vector<at::Tensor> many;
  for (int i = 0; i < 5; ++i) std::ranges::copy(patchworks(), std::back_inserter(many));
  const std::vector<Caption> captions = open_captioner(saved())->caption(many);
  ASSERT_EQ(captions.size(), 20U);
  for (size_t i = 4; i < captions.size(); ++i) EXPECT_EQ(captions[i].tokens, captions[i % 4].tokens);
  EXPECT_NE(captions[0].text, captions[3].text);
}

TEST(BlipCaptioner, WorksInBfloat16) {
  CaptionerOptions options;
  options.dtype = at::kBFloat16;
  const auto exact = open_captioner(saved())->caption(patchworks());
  const auto rounded = open_captioner(saved(), options)->caption(patchworks());
  ASSERT_EQ(rounded.size(), exact.size());
  EXPECT_EQ(rounded[0].tokens[1], exact[0].tokens[1]) << "the likeliest first word";
}

TEST(LoadBlip, ReproducesReferenceValues) {
  const io::StateDict expected = io::read_safetensors(testing::test_data("blip/saved_answers.safetensors"));
  Blip model = load_blip(saved());
  EXPECT_CLOSE(model->vision_model(expected.at("pixels")), expected.at("image_embeds"), 1e-4);
}

/// A copy of the saved folder with other weights.
class ChangedBlip {
 public:
  explicit ChangedBlip(const std::function<void(io::StateDict&)>& change) {
    fs::copy(saved(), folder.path(), fs::copy_options::recursive);
    io::StateDict tensors = io::read_safetensors(saved() / "model.safetensors");
    change(tensors);
    io::write_safetensors(folder / "model.safetensors", tensors);
  }

  static at::Tensor scores(const fs::path& path) {
    const at::NoGradGuard no_grad;
    const at::Tensor pixels = io::read_safetensors(testing::test_data("blip/saved_answers.safetensors")).at("pixels");
    return load_blip(path)(pixels, at::tensor({46, 5, 6}, at::kLong).repeat({pixels.size(0), 1}));
  }

  at::Tensor scores() const { return scores(folder.path()); }

  testing::TemporaryFolder folder;
};

TEST(LoadBlip, AcceptsTheTiedTensorsThatBinFilesHold) {
  const ChangedBlip changed([](io::StateDict& tensors) {
    tensors[kHead] = tensors.at(kEmbeddings).clone();
    tensors[kHeadBias] = tensors.at(kBias).clone();
    tensors["text_decoder.bert.embeddings.position_ids"] = at::arange(40).unsqueeze(0);
  });
  EXPECT_TRUE(at::equal(changed.scores(), ChangedBlip::scores(saved())));
}

TEST(LoadBlip, TakesTheEmbeddingsFromTheHeadWhereOnlyThatIsThere) {
  const ChangedBlip changed([](io::StateDict& tensors) {
    tensors[kHead] = tensors.at(kEmbeddings);
    tensors[kHeadBias] = tensors.at(kBias);
    tensors.erase(kEmbeddings);
    tensors.erase(kBias);
  });
  EXPECT_TRUE(at::equal(changed.scores(), ChangedBlip::scores(saved())));
}

TEST(LoadBlip, LeavesAHeadOfItsOwnUntied) {
  const ChangedBlip changed([](io::StateDict& tensors) {
    tensors[kHead] = tensors.at(kEmbeddings) * 2;
    tensors[kHeadBias] = tensors.at(kBias) * 2;
  });
  EXPECT_CLOSE(changed.scores(), ChangedBlip::scores(saved()) * 2, 1e-4);
  const auto words = open_captioner(changed.folder.path())->caption(patchworks());
  const auto expected = open_captioner(saved())->caption(patchworks());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(words[i].tokens, expected[i].tokens) << "scores are doubled";
}

TEST(LoadBlip, ReportsEveryTensorThatDoesNotFit) {
  const ChangedBlip changed([](io::StateDict& tensors) {
    tensors.erase("vision_model.post_layernorm.bias");
    tensors["vision_model.embeddings.class_embedding"] = at::zeros({1, 1, 31});
    tensors["text_decoder.bert.pooler.dense.weight"] = at::zeros({48, 48});
  });
  EXPECT_ERROR(load_blip(changed.folder.path()),
               "/model.safetensors\" does not hold",
               "tensor \"vision_model.post_layernorm.bias\" (32) is missing",
               "tensor \"vision_model.embeddings.class_embedding\" is 1 x 1 x 31, the model expects 1 x 1 x 32",
               "tensor \"text_decoder.bert.pooler.dense.weight\" (48 x 48) is unknown to the model");
}

TEST(LoadBlip, MissesBothOfTwoTiedTensors) {
  const ChangedBlip changed([](io::StateDict& tensors) { tensors.erase(kEmbeddings); });
  EXPECT_ERROR(load_blip(changed.folder.path()), "word_embeddings.weight", "is missing");
}

TEST(OpenCaptioner, SaysWhatIsMissing) {
  const testing::TemporaryFolder folder;
  const auto without = [&](const char* file) {
    fs::path copy = folder / std::string("without ").append(file);
    fs::copy(saved(), copy);
    fs::remove(copy / file);
    return copy;
  };
  EXPECT_ERROR(open_captioner(folder / "nothing"), "nothing\" is not there", "folder of a BLIP captioning model");
  EXPECT_ERROR(open_captioner(saved() / "config.json"), "config.json\" is a file");
  EXPECT_ERROR(open_captioner(without("config.json")), "neither config.json nor blip/config.json");
  EXPECT_ERROR(open_captioner(without("vocab.txt")), "without vocab.txt", "vocab.txt");
  EXPECT_ERROR(open_captioner(without("model.safetensors")), "without model.safetensors");
  EXPECT_EQ(open_captioner(without("preprocessor_config.json"))->caption(patchworks()).size(), 4U);
}

TEST(OpenCaptioner, RefusesFilesThatDoNotBelongTogether) {
  const testing::TemporaryFolder folder;
  fs::copy(saved(), folder.path(), fs::copy_options::recursive);
  Json json = read_json(folder / "preprocessor_config.json");
  json["size"] = {{"height", 32}, {"width", 24}};
  write_json(folder / "preprocessor_config.json", json);
  EXPECT_ERROR(open_captioner(folder.path())->caption(patchworks()), "pictures of 32 x 24", "\"image_size\" of 24");
  CaptionerOptions options;
  options.prompt = "unheard";
  std::ofstream(folder / "vocab.txt", std::ios::app) << "[DEC]\n[ENC]\nunheard\n";
  EXPECT_ERROR(open_captioner(folder.path(), options), "token 48", "\"vocab_size\" is 48", "do not belong together");
}

TEST(OpenCaptioner, RefusesOptionsOutOfRange) {
  CaptionerOptions options;
  options.generation.num_beams = 0;
  EXPECT_ERROR(open_captioner(saved(), options), "num_beams is 0");
}

}  // namespace
}  // namespace fmri2img::models
