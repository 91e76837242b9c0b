#include "fmri2img/models/blip/options.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {
namespace {

BlipOptions read_options(const std::string& file) {
  return BlipOptions::from_json(read_json(testing::test_data("blip/" + file)), file);
}

// Golden: the keys and values of the published files (tools/parity/blip.py).
TEST(BlipOptions, ReadsThePublishedFiles) {
  const BlipOptions base = read_options("base_config.json");
  EXPECT_EQ(base.vision.hidden_size, 768);
  EXPECT_EQ(base.text.encoder_hidden_size, 768);
  const BlipOptions large = read_options("large_config.json");
  EXPECT_EQ(large.vision.image_size, 384);
  EXPECT_EQ(large.vision.positions(), 577);
  EXPECT_EQ(large.vision.num_hidden_layers, 24);
  EXPECT_EQ(large.vision.num_attention_heads, 16);
  EXPECT_EQ(large.vision.layer_norm_eps, 1e-5);
  EXPECT_EQ(large.text.encoder_hidden_size, 1024);
  EXPECT_EQ(large.text.num_attention_heads, 12);
  EXPECT_EQ(large.text.vocab_size, 30524);
  EXPECT_EQ(large.text.bos_token_id, 30522);
  EXPECT_EQ(large.text.sep_token_id, 102);
  EXPECT_EQ(large.text.layer_norm_eps, 1e-12);
  EXPECT_TRUE(large.text.tie_word_embeddings);
}

TEST(BlipOptions, ReadsWhatTransformersSaves) {
  const BlipOptions saved = read_options("saved/config.json");
  EXPECT_EQ(saved.vision.patch_size, 8);
  EXPECT_EQ(saved.text.max_position_embeddings, 40);
}

TEST(BlipOptions, HasTransformersDefaults) {
  const BlipOptions options = BlipOptions::from_json({{"model_type", "blip"}}, "x");
  EXPECT_EQ(options.vision.num_attention_heads, 12);
  EXPECT_EQ(options.text.num_attention_heads, 8);
  EXPECT_EQ(options.text.label_smoothing, 0);
}

struct BadBlipValue {
  const char* part;
  const char* key;
  Json value;
  std::vector<std::string> said;
};

TEST(BlipOptions, NamesTheKeyThatItCannotUse) {
  const BadBlipValue cases[] = {
      {"", "model_type", "blip-2", {"x: \"model_type\" is \"blip-2\", only \"blip\" is supported"}},
      {"", "projection_dmi", 1, {"x: unknown key \"projection_dmi\"", "did you mean \"projection_dim\""}},
      {"", "vision_config", 3, {"x: \"vision_config\": expected a JSON object"}},
      {"vision_config", "patch_size", 500, {"\"vision_config\": \"patch_size\" is 500, expected 1 to 384"}},
      {"vision_config", "image_size", 0, {"\"image_size\" is 0, expected 1 to 8192"}},
      {"vision_config", "num_attention_heads", 7, {"\"hidden_size\" is 768, which", "(7) does not divide"}},
      {"vision_config", "num_channels", 1, {"\"num_channels\" is 1, only 3"}},
      {"vision_config", "attention_dropout", 0.1, {"\"attention_dropout\" is 0.1, only 0"}},
      {"vision_config", "hidden_act", "relu", {"\"vision_config\": activation \"relu\" is not supported"}},
      {"vision_config", "layer_norm_eps", -1, {"\"layer_norm_eps\" is -1"}},
      {"vision_config", "pruned_heads", {{"0", {1}}}, {"\"pruned_heads\" is", "only {} is supported"}},
      {"text_config", "vocab_size", "many", {"\"text_config\": \"vocab_size\" is \"many\""}},
      {"text_config", "hidden_size", 1 << 20, {"\"hidden_size\" is 1048576, expected 1 to 16384"}},
      {"text_config", "bos_token_id", 30524, {"\"bos_token_id\" is 30524, expected one of the 30524 tokens"}},
      {"text_config", "is_decoder", false, {"\"is_decoder\" is false, only true"}},
      {"text_config", "hidden_dropout_prob", 0.1, {"\"hidden_dropout_prob\" is 0.1, only 0"}},
      {"text_config", "label_smoothing", 2, {"\"label_smoothing\" is 2, expected 0 to 1"}},
      {"text_config", "num_beems", 2, {"\"text_config\": unknown key \"num_beems\"", "did you mean \"num_beams\""}},
  };
  for (const BadBlipValue& bad : cases) {
    SCOPED_TRACE(bad.key);
    Json json = read_json(testing::test_data("blip/base_config.json"));
    (*bad.part ? json[bad.part] : json)[bad.key] = bad.value;
    for (const std::string& part : bad.said) EXPECT_ERROR(BlipOptions::from_json(json, "x"), part);
  }
}

}  // namespace
}  // namespace fmri2img::models
