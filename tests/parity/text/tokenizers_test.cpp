#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/inflate.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/unicode.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;

Json golden(const std::string& name) {
  return read_json(testing::test_data("text") / name);
}

/// Every string's ids; only the first few differences are shown.
template <class Tokenizer> void expect_ids(const Tokenizer& tokenizer, const std::string& name) {
  const Json texts = golden("strings.json"), expected = golden(name);
  ASSERT_EQ(texts.size(), expected.size());
  ASSERT_GE(texts.size(), 2000U);
  int differences = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ids = tokenizer.tokenize(texts[i].get<std::string>());
    if (Json(ids) == expected[i]) continue;
    if (++differences <= 10) {
      ADD_FAILURE() << "string " << i << ": " << texts[i] << "\nexpected " << expected[i] << "\nfound    " << Json(ids);
    }
  }
  EXPECT_EQ(differences, 0);
}

// Golden: tools/parity/text.py, transformers 5.24.
TEST(BytePairTokenizer, GivesTheReferencesIds_SmallVocabulary) {
  expect_ids(BytePairTokenizer(testing::test_data("text/byte_pairs")), "byte_pairs_ids.json");
}

TEST(WordPieceTokenizer, GivesTheReferencesIds_SmallVocabulary) {
  expect_ids(WordPieceTokenizer(testing::test_data("text/word_pieces")), "word_pieces_ids.json");
}

// What save_pretrained writes: tokenizer.json alone, merges as pairs.
TEST(BytePairTokenizer, GivesTheReferencesIds_SavedFolder) {
  expect_ids(BytePairTokenizer(testing::test_data("text/byte_pairs_saved")), "byte_pairs_ids.json");
}

TEST(WordPieceTokenizer, GivesTheReferencesIds_SavedFolder) {
  expect_ids(WordPieceTokenizer(testing::test_data("text/word_pieces_saved")), "word_pieces_ids.json");
}

/// Ids and texts of strings with BLIP's own tokens in them; strings without are BERT's.
void expect_blip(const std::string& folder) {
  const WordPieceTokenizer tokenizer(testing::test_data("text/" + folder));
  const Json rows = golden("blip_ids.json");
  ASSERT_GE(rows.size(), 50U);
  for (const Json& row : rows) {
    const auto ids = tokenizer.tokenize(row[0].get<std::string>());
    EXPECT_EQ(Json(ids), row[1]) << row[0];
    EXPECT_EQ(tokenizer.decode(row[1].get<std::vector<int64_t>>()), row[2].get<std::string>()) << row[0];
  }
  const Json texts = golden("strings.json"), expected = golden("word_pieces_ids.json");
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto text = texts[i].get<std::string>();
    if (text.find("[DEC]") != std::string::npos || text.find("[ENC]") != std::string::npos) continue;
    ASSERT_EQ(Json(tokenizer.tokenize(text)), expected[i]) << text;
  }
}

TEST(WordPieceTokenizer, KnowsBlipsTokensAsTheReference_SavedFolder) {
  expect_blip("blip_saved");
}

TEST(WordPieceTokenizer, KnowsBlipsTokensAsTheReference_AddedTokens) {
  expect_blip("blip_vocabulary");
}

/// Strings around tokens that are not special, such as textual inversion adds.
class AddedTokensOfClip : public ::testing::Test {
 protected:
  AddedTokensOfClip() {
    for (const char* file : {"vocab.json", "merges.txt", "tokenizer_config.json"})
      fs::copy(testing::test_data("text/byte_pairs") / file, folder / file);
  }

  void change_json(const char* file, const std::string& key, const Json& value) const {
    Json json = read_json(folder / file);
    json[key] = value;
    write_json(folder / file, json);
  }

  void expect_rows(const char* ids) const {
    const BytePairTokenizer tokenizer(folder.path());
    ASSERT_GE(expected["rows"].size(), 240U);
    for (const Json& row : expected["rows"])
      EXPECT_EQ(Json(tokenizer.tokenize(row["text"].get<std::string>())), row[ids]) << row["text"];
  }

  testing::TemporaryFolder folder;
  Json expected = golden("added_tokens.json");
};

TEST_F(AddedTokensOfClip, AreFoundAsByTheReference_TokenizerJson) {
  for (const char* file : {"vocab.json", "merges.txt"}) fs::remove(folder / file);
  fs::copy(testing::test_data("text/byte_pairs_saved/tokenizer.json"), folder / "tokenizer.json");
  change_json("tokenizer.json", "added_tokens", expected["added_tokens"]);
  expect_rows("ids");
  const BytePairTokenizer tokenizer(folder.path());
  for (const Json& row : expected["rows"])
    EXPECT_EQ(tokenizer.decode(row["ids"].get<std::vector<int64_t>>()), row["decoded"].get<std::string>())
        << row["text"];
}

TEST_F(AddedTokensOfClip, AreFoundAsByTheReference_AddedTokensJson) {
  write_json(folder / "added_tokens.json", expected["added_tokens.json"]);
  expect_rows("ids_by_name");
}

TEST_F(AddedTokensOfClip, AreFoundAsByTheReference_AddedTokensDecoder) {
  write_json(folder / "added_tokens.json", expected["added_tokens.json"]);
  change_json("tokenizer_config.json", "added_tokens_decoder", expected["added_tokens_decoder"]);
  expect_rows("ids");
  fs::remove(folder / "added_tokens.json");
  expect_rows("ids");
}

// transformers 4 wrote both layouts into one folder.
TEST_F(AddedTokensOfClip, AreFoundAsByTheReference_TokenizerJsonBesideTheVocabulary) {
  fs::copy(testing::test_data("text/byte_pairs_saved/tokenizer.json"), folder / "tokenizer.json");
  change_json("tokenizer.json", "added_tokens", expected["added_tokens"]);
  write_json(folder / "added_tokens.json", expected["added_tokens.json"]);
  expect_rows("ids");
}

/// `padding="max_length", truncation=True, max_length=77`: what a text model reads.
void expect_padded(const fs::path& folder, const std::string& name) {
  const BytePairTokenizer tokenizer(folder);
  const Json rows = golden(name);
  for (const Json& row : rows) {
    const auto text = row[0].get<std::string>();
    const EncodedText encoded = tokenizer.encode(text);
    EXPECT_EQ(encoded.ids.size(), 77U);
    EXPECT_EQ(Json(encoded.ids), row[1]) << text;
    EXPECT_EQ(encoded.tokens, static_cast<int64_t>(tokenizer.tokenize(text).size())) << text;
  }
}

TEST(BytePairTokenizer, CutsAndPadsAsTheReference) {
  expect_padded(testing::test_data("text/byte_pairs"), "byte_pairs_padded.json");
  expect_padded(testing::test_data("text/byte_pairs_saved"), "byte_pairs_padded.json");
}

// The files of Stable Diffusion 2: "!" fills up, is a token of its own wherever it stands, and special_tokens_map.json
// is right where tokenizer_config.json says something else.
TEST(BytePairTokenizer, CutsAndPadsAsTheReference_PaddedByExclamationMarks) {
  const testing::TemporaryFolder folder;
  fs::copy(testing::test_data("text/byte_pairs"), folder.path());
  write_file(folder / "special_tokens_map.json", R"({"pad_token": "!"})");
  expect_padded(folder.path(), "byte_pairs_padded_by_exclamation.json");
}

TEST(WordPieceTokenizer, DecodesAsTheReference) {
  const WordPieceTokenizer tokenizer(testing::test_data("text/word_pieces"));
  const Json ids = golden("word_pieces_ids.json"), expected = golden("word_pieces_decoded.json");
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(tokenizer.decode(ids[i].get<std::vector<int64_t>>()), expected[i].get<std::string>()) << "string " << i;
  }
}

// Half of them pieces that begin or end inside a character.
TEST(BytePairTokenizer, DecodesAsTheReference) {
  const BytePairTokenizer tokenizer(testing::test_data("text/byte_pairs"));
  const Json rows = golden("byte_pairs_decoded.json");
  ASSERT_EQ(rows.size(), 450U);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(tokenizer.decode(rows[i][0].get<std::vector<int64_t>>()), rows[i][1].get<std::string>()) << "row " << i;
  }
}

std::string inflate_file(const fs::path& path) {
  const MappedFile file(path);
  std::string text(size_t{4} << 20, '\0');
  text.resize(io::inflate_into(file.bytes(), std::as_writable_bytes(std::span(text)), path.string()));
  return text;
}

/// CLIP's folder from OpenAI's list of merges: the bytes, the bytes that end a word, the merges, two special tokens.
void write_clip_folder(const fs::path& folder) {
  std::istringstream lines(inflate_file(testing::reference_data("vocab/clip_bpe_simple_vocab_16e6.txt.gz")));
  std::vector<std::string> merges;
  std::string line;
  std::getline(lines, line);
  while (merges.size() < 48894 && std::getline(lines, line)) merges.push_back(line);
  std::vector<std::string> tokens;
  const auto add_letters = [&](char32_t first, char32_t last) {
    for (char32_t c = first; c <= last; ++c) tokens.push_back(encode_utf8(std::u32string(1, c)));
  };
  add_letters(33, 126);
  add_letters(0xA1, 0xAC);
  add_letters(0xAE, 0xFF);
  add_letters(0x100, 0x100 + 67);  // the 68 bytes that are not printable
  for (size_t i = 0; i < 256; ++i) tokens.push_back(tokens[i] + "</w>");
  std::string merges_text;
  for (const std::string& merge : merges) {
    const size_t space = merge.find(' ');
    tokens.push_back(merge.substr(0, space) + merge.substr(space + 1));
    merges_text += merge + "\n";
  }
  tokens.insert(tokens.end(), {"<|startoftext|>", "<|endoftext|>"});
  SortedJson ids = SortedJson::object();
  for (size_t i = 0; i < tokens.size(); ++i) ids[tokens[i]] = i;
  write_file(folder / "vocab.json", ids.dump());
  write_file(folder / "merges.txt", merges_text);
}

TEST(BytePairTokenizer, GivesTheReferencesIds_PublishedVocabulary) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vocab/clip_bpe_simple_vocab_16e6.txt.gz");
  const testing::TemporaryFolder folder;
  write_clip_folder(folder.path());
  expect_ids(BytePairTokenizer(folder.path()), "published_clip_ids.json");
}

TEST(WordPieceTokenizer, GivesTheReferencesIds_PublishedVocabulary) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vocab/bert_base_uncased_vocab.txt");
  const testing::TemporaryFolder folder;
  fs::copy(testing::reference_data("vocab/bert_base_uncased_vocab.txt"), folder / "vocab.txt");
  expect_ids(WordPieceTokenizer(folder.path()), "published_bert_ids.json");
}

}  // namespace
}  // namespace fmri2img::text
