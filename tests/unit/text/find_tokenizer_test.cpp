#include "fmri2img/text/find_tokenizer.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::text {
namespace {

TEST(FindTokenizer, TellsThemApartByTheirFiles) {
  EXPECT_EQ(find_tokenizer(testing::test_data("text/byte_pairs")).kind, TokenizerKind::kBytePairs);
  EXPECT_EQ(find_tokenizer(testing::test_data("text/word_pieces")).kind, TokenizerKind::kWordPieces);
  const testing::TemporaryFolder folder;
  write_file(folder / "tokenizer.json", R"({"model": {"type": "BPE"}})");
  EXPECT_EQ(find_tokenizer(folder.path()).kind, TokenizerKind::kBytePairs);
  write_file(folder / "tokenizer.json", R"({"model": {"type": "WordPiece"}})");
  EXPECT_EQ(find_tokenizer(folder.path()).kind, TokenizerKind::kWordPieces);
  EXPECT_EQ(find_tokenizer(folder.path()).folder, folder.path());
}

TEST(FindTokenizer, LooksIntoAModelsFolder) {
  const testing::TemporaryFolder model;
  std::filesystem::copy(testing::test_data("text/byte_pairs"), model / "tokenizer");
  EXPECT_EQ(find_tokenizer(model.path()).folder, model / "tokenizer");
}

TEST(FindTokenizer, SaysWhatItLookedFor) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(find_tokenizer(folder.path()), "has no tokenizer", "vocab.txt", "\"tokenizer\"");
  write_file(folder / "vocab.json", "{}");
  EXPECT_ERROR(find_tokenizer(folder.path()), "has no tokenizer", "vocab.json with merges.txt");
  for (const char* text : {R"({"model": {"type": "Unigram"}})", R"({"model": {"type": 3}})", R"({"model": {}})"}) {
    write_file(folder / "tokenizer.json", text);
    EXPECT_ERROR(find_tokenizer(folder.path()), "tokenizer.json", "expected \"BPE\" or \"WordPiece\"");
  }
  write_file(folder / "tokenizer.json", "[]");
  EXPECT_ERROR(find_tokenizer(folder.path()), "is missing");
}

}  // namespace
}  // namespace fmri2img::text
