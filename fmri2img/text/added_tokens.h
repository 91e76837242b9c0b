#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::text {

/// A token that is looked for in a text before it is cut into words: "<|endoftext|>", or "<my-cat>" of a textual
/// inversion. Names as in transformers' AddedToken; its `lstrip` and `rstrip` take in the white space around, of which
/// no tokenizer here makes anything anyway.
struct AddedToken {
  std::string content;
  int64_t id = 0;
  bool special = false;      ///< left out when ids become a text
  bool normalized = false;   ///< looked for in the normalized text, itself normalized; else as it is written
  bool single_word = false;  ///< not beside a letter, digit or the like
  std::string where;         ///< the quoted path of the file that adds it
};

/// By their content.
using AddedTokens = std::map<std::string, AddedToken>;

/// A piece of a text: plain, or one added token.
struct TextPiece {
  std::string text;
  int64_t token = -1;  ///< its id; -1: plain text
};

/// Cuts out the tokens that stand literally in a text; the longest that begins at a place counts, and if it is a single
/// word and does not stand alone, none there does. Empty pieces are left out.
/// Source: tokenizers 0.22, AddedVocabulary::find_matches.
std::vector<TextPiece> split_added_tokens(std::string_view text, const AddedTokens& tokens);

}  // namespace fmri2img::text
