// `fmri2img tokenize`. Truth: the tokenizers, whose parity with transformers has its own tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kBytePairs = testing::test_data("text/byte_pairs");

testing::ProgramResult tokenize(const std::string& text,
                                const std::filesystem::path& model,
                                const std::string& rest = "") {
  return testing::run_program("tokenize \"" + text + "\" --model " + model.string() + rest);
}

Json as_json(const std::string& text, const std::filesystem::path& model) {
  const auto result = tokenize(text, model, " --json");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return parse_json(result.out, "output");
}

TEST(TokenizeCommand, ShowsIdsAndTokens) {
  const Json json = as_json("a red train", kBytePairs);
  EXPECT_EQ(json["ids"], text::BytePairTokenizer(kBytePairs).tokenize("a red train"));
  EXPECT_EQ(json["tokens"], Json({"<|startoftext|>", "a</w>", "red</w>", "train</w>", "<|endoftext|>"}));
  EXPECT_EQ(json["max_length"], 77);
  EXPECT_TRUE(json["cut_off"].is_null());
  const auto plain = tokenize("a red train", kBytePairs);
  EXPECT_THAT(plain.out, HasSubstr("     908  <|startoftext|>\n"));
  EXPECT_THAT(plain.out, HasSubstr("\n5 tokens of at most 77\n"));
}

TEST(TokenizeCommand, SaysWhatIsCutOff) {
  std::string text;
  for (int i = 0; i < 74; ++i) text += "a ";
  const Json json = as_json(text + "dog on the table", kBytePairs);
  EXPECT_EQ(json["ids"].size(), 77U);
  EXPECT_EQ(json["tokens"][75], "dog</w>");
  EXPECT_EQ(json["tokens"][76], "<|endoftext|>");
  EXPECT_EQ(json["ids"], text::BytePairTokenizer(kBytePairs).encode(text + "dog on the table").ids);
  EXPECT_EQ(json["cut_off"], "on the table");
  EXPECT_THAT(tokenize(text + "dog at table", kBytePairs).out, HasSubstr("tokens were cut off: \"at table\"\n"));
  EXPECT_TRUE(as_json(text + "dog", kBytePairs)["cut_off"].is_null()) << "77 tokens fit";
}

TEST(TokenizeCommand, KnowsTheTokenizersOfModels) {
  const testing::TemporaryFolder stable_diffusion;
  std::filesystem::copy(kBytePairs, stable_diffusion / "tokenizer");
  EXPECT_EQ(as_json("a dog", stable_diffusion.path())["ids"], text::BytePairTokenizer(kBytePairs).tokenize("a dog"));
  const std::filesystem::path blip = testing::test_data("text/word_pieces");
  const Json json = as_json("two Dogs playing", blip);
  EXPECT_EQ(json["ids"], text::WordPieceTokenizer(blip).tokenize("two Dogs playing"));
  EXPECT_EQ(json["tokens"][0], "[CLS]");
  EXPECT_TRUE(json["max_length"].is_null());
}

TEST(TokenizeCommand, ExplainsWrongInput) {
  EXPECT_EQ(testing::run_program("tokenize \"a\"").exit_code, 2) << "without --model";
  const testing::TemporaryFolder folder;
  const auto nothing = tokenize("a", folder.path());
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_THAT(nothing.err, HasSubstr("has no tokenizer"));
  const auto bad_text = testing::run_program("tokenize \"$(printf 'a\\377b')\" --model " + kBytePairs.string());
  EXPECT_EQ(bad_text.exit_code, 3);
  EXPECT_THAT(bad_text.err, HasSubstr("not UTF-8: byte 1"));
}

}  // namespace
}  // namespace fmri2img::commands
