#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::text {
namespace {

TEST(BytePairTokenizer, CutsAndPadsToTheContext) {
  const BytePairTokenizer tokenizer(testing::test_data("text/byte_pairs"));
  const EncodedText empty = tokenizer.encode("");
  ASSERT_EQ(empty.ids.size(), 77U);
  EXPECT_EQ(empty.tokens, 2);
  EXPECT_FALSE(empty.truncated());
  EXPECT_EQ(empty.ids[1], tokenizer.end_token());
  EXPECT_EQ(empty.ids[76], tokenizer.end_token());
  const EncodedText cut = tokenizer.encode("a b c d e f g", 4);
  EXPECT_EQ(cut.tokens, 9);
  EXPECT_TRUE(cut.truncated());
  ASSERT_EQ(cut.ids.size(), 4U);
  EXPECT_EQ(cut.ids[3], tokenizer.end_token()) << "the end stays";
  EXPECT_EQ(cut.ids[1], tokenizer.tokenize("a")[1]);
}

TEST(BytePairTokenizer, ReadsTokenizerJsonAlone) {
  const std::filesystem::path folder = testing::test_data("text/byte_pairs");
  Json whole = {{"model", {{"type", "BPE"}, {"vocab", read_json(folder / "vocab.json")}, {"merges", Json::array()}}}};
  std::istringstream merges(read_file(folder / "merges.txt"));
  for (std::string line; std::getline(merges, line);) {
    if (!line.starts_with("#")) whole["model"]["merges"].push_back(line);
  }
  const testing::TemporaryFolder copy;
  write_json(copy / "tokenizer.json", whole);
  EXPECT_EQ(BytePairTokenizer(copy.path()).tokenize("two small dogs"),
            BytePairTokenizer(folder).tokenize("two small dogs"));
}

TEST(BytePairTokenizer, TakesThePaddingOfTheFolder) {
  const testing::TemporaryFolder folder;
  std::filesystem::copy(testing::test_data("text/byte_pairs"), folder.path());
  write_file(folder / "tokenizer_config.json", R"({"model_max_length": 12, "pad_token": {"content": "!"}})");
  const BytePairTokenizer tokenizer(folder.path());
  const EncodedText encoded = tokenizer.encode("a");
  ASSERT_EQ(encoded.ids.size(), 12U);
  EXPECT_EQ(encoded.ids[11], read_json(folder / "vocab.json")["!"]);
}

TEST(BytePairTokenizer, NamesWhatIsWrongWithAnAddedToken) {
  const testing::TemporaryFolder folder;
  std::filesystem::copy(testing::test_data("text/byte_pairs"), folder.path());
  const auto file = [&](const char* name) { return "\"" + (folder / name).string() + "\""; };
  write_file(folder / "added_tokens.json", R"({"<my-cat>": 5})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "the id 5 is given twice");
  write_file(folder / "added_tokens.json", R"({"<my-cat>": -1})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), file("added_tokens.json"), "<my-cat>", "-1");
  write_file(folder / "added_tokens.json", R"({"<my-cat>": 910})");
  write_file(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {"911": {"content": "<my-cat>"}}})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()),
               file("tokenizer_config.json"),
               "the added token \"<my-cat>\" has the id 911, in another file of the folder it has 910");
  write_file(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {"91x": {"content": "<my-cat>"}}})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), file("tokenizer_config.json"), "\"91x\" is no id");
  write_file(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {"910": {"content": ""}}})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), file("tokenizer_config.json"), "expected a text");
  write_file(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {"910": {"special": true}}})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), file("tokenizer_config.json"), "\"content\" is missing");
}

TEST(Tokenizers, NameWhatIsWrongWithAFolder) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "is no tokenizer", "vocab.json with merges.txt");
  EXPECT_ERROR(WordPieceTokenizer(folder.path()), "is no tokenizer", "vocab.txt");
  write_file(folder / "vocab.json", R"({"a": 0, "b": 1})");
  write_file(folder / "merges.txt", "#version: 0.2\na b\n");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "the merge \"a b\" needs a token that the vocabulary lacks");
  write_file(folder / "merges.txt", "ab\n");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "merges.txt", "\"ab\" is not two tokens");
  write_file(folder / "merges.txt", "");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "no token \"<|startoftext|>\"");
  write_file(folder / "vocab.json", R"({"a": 0, "b": 0})");
  EXPECT_ERROR(BytePairTokenizer(folder.path()), "the id 0 is given twice");
  write_file(folder / "vocab.txt", "a\nb\n");
  EXPECT_ERROR(WordPieceTokenizer(folder.path()), "no token \"[PAD]\"");
}

TEST(Tokenizers, RefuseTextThatIsNotUtf8) {
  const BytePairTokenizer tokenizer(testing::test_data("text/byte_pairs"));
  EXPECT_ERROR(tokenizer.tokenize("caf\xE9"), "not UTF-8", "byte 3");
}

TEST(WordPieceTokenizer, KnowsItsAddedTokens) {
  const testing::TemporaryFolder folder;
  std::filesystem::copy(testing::test_data("text/word_pieces"), folder.path());
  write_file(folder / "added_tokens.json", R"({"[DEC]": 30522})");
  const WordPieceTokenizer tokenizer(folder.path());
  EXPECT_THAT(tokenizer.tokenize("[DEC]"), ::testing::ElementsAre(::testing::_, 30522, ::testing::_));
  EXPECT_EQ(tokenizer.decode(tokenizer.tokenize("[DEC] a")), "a");
  EXPECT_ERROR(tokenizer.decode({999999}), "no token has the id 999999");
}

}  // namespace
}  // namespace fmri2img::text
