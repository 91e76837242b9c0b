#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fmri2img/text/vocabulary.h"

namespace fmri2img::text {

/// BERT's uncased tokenizer, as BLIP uses it: cleaned and lower-cased words without accents, cut into the longest known
/// pieces.
///
/// Source: transformers 5, BertTokenizer. Thread-safe.
class WordPieceTokenizer {
 public:
  /// Reads vocab.txt (and added_tokens.json) or tokenizer.json. "[DEC]" and "[ENC]" are special where they are known.
  /// Throws Error as `read_word_piece_vocabulary`, or if a token that BERT needs is missing.
  explicit WordPieceTokenizer(const std::filesystem::path& folder);

  /// [CLS], the text's tokens, [SEP]. Special tokens that stand in the text become themselves.
  /// Throws Error if the text is not UTF-8.
  std::vector<int64_t> tokenize(std::string_view text) const;

  /// The text of ids, special ones left out, pieces joined and the spaces before punctuation removed, as `decode` with
  /// skip_special_tokens gives it. Throws Error for an id that no token has.
  std::string decode(const std::vector<int64_t>& ids) const;

  /// As the vocabulary has it ("##ing"). Throws Error for an id that no token has.
  const std::string& token(int64_t id) const;

  const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  void append_plain(std::string_view text, std::vector<int64_t>& ids) const;
  void append_word(std::u32string_view word, std::vector<int64_t>& ids) const;

  std::string where_;
  Vocabulary vocabulary_;
  std::unordered_map<int64_t, std::string> tokens_;
  int64_t unknown_ = 0;
  int64_t begin_ = 0;
  int64_t end_ = 0;
};

}  // namespace fmri2img::text
