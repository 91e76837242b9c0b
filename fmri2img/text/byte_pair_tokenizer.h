#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fmri2img/text/added_tokens.h"
#include "fmri2img/text/byte_pairs.h"
#include "fmri2img/text/vocabulary.h"

namespace fmri2img::text {

/// The ids that a text model reads, with what was lost on the way.
struct EncodedText {
  std::vector<int64_t> ids;  ///< as long as the model's context: begin, tokens, end, padding
  int64_t tokens = 0;        ///< of the text, begin and end included, before anything was cut off
  bool truncated() const { return tokens > static_cast<int64_t>(ids.size()); }
};

/// CLIP's tokenizer: byte-level byte-pair encoding of lower-cased words.
///
/// Source: transformers 5, CLIPTokenizer (which is also Stable Diffusion's): NFC, runs of white space to one space,
/// lower case, the splitting pattern, byte-pair merges with "</w>" at the end of a word. Thread-safe.
class BytePairTokenizer {
 public:
  /// Reads the folder's vocabulary and, where they are there, tokenizer_config.json and special_tokens_map.json, which
  /// is right where they differ (padding token, length of the context). The padding token is a special one: with the
  /// files of Stable Diffusion 2, whose is "!", every "!" of a text is read as that. Tokens that were added, as textual
  /// inversion does, may be anything. Throws Error as
  /// `read_byte_pair_vocabulary`.
  explicit BytePairTokenizer(const std::filesystem::path& folder);

  /// Begin, the text's tokens, end. Added tokens that stand in the text become themselves: those that are not
  /// normalized are looked for first, in the text as it is, then the others in what lies between. Throws Error if the
  /// text is not UTF-8.
  std::vector<int64_t> tokenize(std::string_view text) const;

  /// As the model reads it: cut to `length` (the end token stays) and padded to it. 0: the tokenizer's own length.
  EncodedText encode(std::string_view text, int64_t length = 0) const;

  /// The text of ids, special ones left out, as `decode` with skip_special_tokens gives it: a space after every word,
  /// white space at both ends removed, U+FFFD where a character was cut in two. Throws Error for an id that no token
  /// has.
  std::string decode(const std::vector<int64_t>& ids) const;

  /// As the vocabulary has it ("dog</w>"), an added token normalized where it is looked for so. Throws Error for an id
  /// that no token has.
  const std::string& token(int64_t id) const;

  const Vocabulary& vocabulary() const { return vocabulary_; }
  int64_t max_length() const { return max_length_; }
  int64_t end_token() const { return end_; }

 private:
  void append_normalized(std::string_view text, std::vector<int64_t>& ids) const;
  void append_plain(std::string_view normalized, std::vector<int64_t>& ids) const;
  void sort_added_tokens();
  void read_configuration(const std::filesystem::path& folder);
  void set_padding(const std::string& token, const std::string& where);

  std::string where_;
  Vocabulary vocabulary_;
  BytePairMerges merges_;
  AddedTokens literal_;     // looked for in the text as it is
  AddedTokens normalized_;  // in the normalized text, by their normalized content
  std::set<int64_t> special_ids_;
  std::unordered_map<int64_t, std::string> tokens_;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t padding_ = 0;
  std::string padding_token_;
  int64_t max_length_ = 77;
};

}  // namespace fmri2img::text
