#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fmri2img/text/added_tokens.h"

namespace fmri2img::text {

/// What a tokenizer's folder holds, whichever of its files it is in.
struct Vocabulary {
  std::unordered_map<std::string, int64_t> ids;             ///< token -> id
  std::vector<std::pair<std::string, std::string>> merges;  ///< in the order of their rank; byte-pair encoding only
  AddedTokens added;                                        ///< of `ids` those that are looked for in a text

  /// Throws Error naming `where` if there is no such token.
  int64_t id(const std::string& token, const std::string& where) const;

  /// Makes `token` a special one, looked for as it is written where its file does not say otherwise.
  /// Throws Error as `id`.
  void add_special(const std::string& token, const std::string& where);
};

/// Byte-pair encoding: vocab.json and merges.txt, or tokenizer.json where these are not there; and the tokens that
/// tokenizer.json, added_tokens.json and tokenizer_config.json ("added_tokens_decoder") add, of which the last says
/// what they are where it names them. Source: transformers 5, from_pretrained of CLIPTokenizer. Throws Error naming the
/// file and what is wrong with it: a merge of unknown tokens, an id given twice.
Vocabulary read_byte_pair_vocabulary(const std::filesystem::path& folder);

/// WordPiece: vocab.txt (one token a line, the id is the line's number from 0) with added_tokens.json, or
/// tokenizer.json.
Vocabulary read_word_piece_vocabulary(const std::filesystem::path& folder);

}  // namespace fmri2img::text
