#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/byte_pair_vocabulary.h"
#include "fmri2img/text/find_tokenizer.h"
#include "fmri2img/text/prompt_words.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "fmri2img/text/word_piece_vocabulary.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::text {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const std::vector<std::string> kCaptions = {"a large red car and a person in blue on the beach",
                                            "A small Orange fish at night, and 2 caf\xC3\xA9s!",
                                            "banana bandana ananas",
                                            "\xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x90\x9F"};

TEST(BytePairVocabulary, MergesTheMostFrequentPairFirst) {
  const std::vector<std::string> captions = {"abab ab", "cab"};
  const Vocabulary vocabulary = learn_byte_pair_vocabulary(captions, {});
  // (a, b</w>) occurs three times; then all once: in the order of their bytes.
  EXPECT_THAT(vocabulary.merges,
              ElementsAre(Pair("a", "b</w>"), Pair("a", "b"), Pair("ab", "ab</w>"), Pair("c", "ab</w>")));
  EXPECT_EQ(vocabulary.ids.size(), 512U + 4 + 2);
  EXPECT_EQ(vocabulary.ids.at("!"), 0);
  EXPECT_EQ(vocabulary.ids.at("!</w>"), 256);
  EXPECT_EQ(vocabulary.ids.at("ab</w>"), 512);
  ASSERT_EQ(vocabulary.added.size(), 2U);
  EXPECT_EQ(vocabulary.added.at("<|endoftext|>").id, 517);
  EXPECT_EQ(vocabulary.added.at("<|startoftext|>").id, 516);
}

TEST(BytePairVocabulary, IsReadWithEveryWordWhole) {
  const testing::TemporaryFolder folder;
  write_byte_pair_vocabulary(folder / "tokenizer", learn_byte_pair_vocabulary(kCaptions, kPromptWords), 24);
  const TokenizerFolder found = find_tokenizer(folder.path());
  EXPECT_EQ(found.kind, TokenizerKind::kBytePairs);
  const BytePairTokenizer tokenizer(found.folder);
  EXPECT_EQ(tokenizer.max_length(), 24);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[0]).size(), 12U + 2);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[1]).size(), 11U + 2) << "the comma, the number and the mark are words too";
  EXPECT_EQ(tokenizer.tokenize(kCaptions[2]).size(), 3U + 2);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[3]).size(), 2U + 2);
  for (const std::string_view word : kPromptWords) EXPECT_EQ(tokenizer.tokenize(word).size(), 1U + 2) << word;
  EXPECT_EQ(tokenizer.decode(tokenizer.tokenize("Zebra \xC3\xA9tage")), "zebra \xC3\xA9tage") << "no text is unknown";
  EXPECT_EQ(tokenizer.encode("a").ids.back(), tokenizer.end_token());
}

TEST(BytePairVocabulary, KeepsManyLikeWordsWhole) {
  std::vector<std::string> captions;
  for (unsigned bits = 1; bits < 512; ++bits) {
    std::string word;
    for (unsigned rest = bits; rest > 1; rest /= 2) word += rest % 2 == 0 ? 'a' : 'b';
    if (!word.empty()) captions.insert(captions.end(), bits * 2654435761U % 7, word);
  }
  const testing::TemporaryFolder folder;
  write_byte_pair_vocabulary(folder.path(), learn_byte_pair_vocabulary(captions, {}), 77);
  const BytePairTokenizer tokenizer(folder.path());
  for (const std::string& word : captions) EXPECT_EQ(tokenizer.tokenize(word).size(), 3U) << word;
}

TEST(WordPieceVocabulary, EndsWithTheTokensOfBlip) {
  const std::vector<std::string> captions = {"a dog", "a cat"};
  const std::array<std::string_view, 1> extra = {"the"};
  const Vocabulary vocabulary = learn_word_piece_vocabulary(captions, extra);
  const auto size = static_cast<int64_t>(vocabulary.ids.size());
  EXPECT_EQ(size, 5 + 68 + 36 + 3 + 2) << "special, ASCII, continuations, cat dog the, BLIP's";
  EXPECT_EQ(vocabulary.ids.at("[PAD]"), 0);
  EXPECT_EQ(vocabulary.ids.at("the"), size - 3);
  EXPECT_EQ(vocabulary.ids.at("[DEC]"), size - 2);
  EXPECT_EQ(vocabulary.ids.at("[ENC]"), size - 1);
  EXPECT_TRUE(vocabulary.added.at("[DEC]").special);
}

TEST(WordPieceVocabulary, IsReadWithEveryWordWhole) {
  const testing::TemporaryFolder folder;
  write_word_piece_vocabulary(folder.path(), learn_word_piece_vocabulary(kCaptions, kPromptWords), 32);
  const TokenizerFolder found = find_tokenizer(folder.path());
  EXPECT_EQ(found.kind, TokenizerKind::kWordPieces);
  const WordPieceTokenizer tokenizer(found.folder);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[0]).size(), 12U + 2);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[1]).size(), 11U + 2);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[2]).size(), 3U + 2);
  EXPECT_EQ(tokenizer.tokenize(kCaptions[3]).size(), 3U + 2) << "ideographs are words by themselves";
  for (const std::string_view word : kPromptWords) EXPECT_EQ(tokenizer.tokenize(word).size(), 1U + 2) << word;
  EXPECT_EQ(tokenizer.decode(tokenizer.tokenize("zebra42")), "zebra42") << "other words are spelt";
  EXPECT_EQ(tokenizer.decode(tokenizer.tokenize("[DEC] a red car [ENC]")), "a red car");
  EXPECT_EQ(read_json(folder / "special_tokens_map.json")["bos_token"], "[DEC]");
}

TEST(LearnedVocabularies, RefuseWhatCannotBeLearned) {
  const std::vector<std::string> captions = {"caf\xE9"};
  EXPECT_ERROR(learn_byte_pair_vocabulary(captions, {}), "not UTF-8");
  EXPECT_ERROR(learn_word_piece_vocabulary(captions, {}), "not UTF-8");
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(write_byte_pair_vocabulary(folder.path(), {}, 2), "at most 2 tokens", "at least 3");
  write_file(folder / "file", "");
  EXPECT_ERROR(write_word_piece_vocabulary(folder / "file", {}, 32), "cannot make the folder", "file");
}

}  // namespace
}  // namespace fmri2img::text
