#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::text {

/// A piece of a text: plain, or one special token.
struct TextPiece {
  std::string text;
  int64_t special = -1;  ///< its id; -1: plain text
};

/// Cuts out special tokens that stand literally in a text ("<|endoftext|>", "[SEP]"), before anything else is done to
/// it; the longest that begins at a place counts. Empty pieces are left out.
std::vector<TextPiece> split_special_tokens(std::string_view text, const std::map<std::string, int64_t>& special);

}  // namespace fmri2img::text
