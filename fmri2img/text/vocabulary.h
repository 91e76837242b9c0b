#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fmri2img::text {

/// What a tokenizer's folder holds, whichever of its files it is in.
struct Vocabulary {
  std::unordered_map<std::string, int64_t> ids;             ///< token -> id
  std::vector<std::pair<std::string, std::string>> merges;  ///< in the order of their rank; byte-pair encoding only
  std::map<std::string, int64_t> special;                   ///< tokens that are recognised literally in a text

  /// Throws Error naming `where` if there is no such token.
  int64_t id(const std::string& token, const std::string& where) const;
};

/// Byte-pair encoding: vocab.json and merges.txt, or tokenizer.json where these are not there.
/// Throws Error naming the file and what is wrong with it: a merge of unknown tokens, an id given twice.
Vocabulary read_byte_pair_vocabulary(const std::filesystem::path& folder);

/// WordPiece: vocab.txt (one token a line, the id is the line's number from 0) with added_tokens.json, or
/// tokenizer.json.
Vocabulary read_word_piece_vocabulary(const std::filesystem::path& folder);

}  // namespace fmri2img::text
