#include "fmri2img/text/added_tokens.h"

#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

/// The longest token at the beginning of `text`, or null.
const AddedToken* token_at(std::string_view text, const AddedTokens& tokens) {
  const AddedToken* longest = nullptr;
  for (const auto& [content, token] : tokens) {
    if (text.starts_with(content) && (longest == nullptr || content.size() > longest->content.size())) longest = &token;
  }
  return longest;
}

bool stands_alone(std::string_view text, size_t begin, size_t end) {
  const std::u32string before = decode_utf8(text.substr(0, begin)), after = decode_utf8(text.substr(end));
  return (before.empty() || !is_word_character(before.back())) && (after.empty() || !is_word_character(after.front()));
}

}  // namespace

std::vector<TextPiece> split_added_tokens(std::string_view text, const AddedTokens& tokens) {
  std::vector<TextPiece> pieces;
  size_t plain = 0;
  const auto end_plain = [&](size_t end) {
    if (end > plain) pieces.push_back({std::string(text.substr(plain, end - plain))});
  };
  for (size_t at = 0; at < text.size();) {
    const AddedToken* found = token_at(text.substr(at), tokens);
    const size_t end = found == nullptr ? at + 1 : at + found->content.size();
    if (found != nullptr && (!found->single_word || stands_alone(text, at, end))) {
      end_plain(at);
      pieces.push_back({found->content, found->id});
      plain = end;
    }
    at = end;
  }
  end_plain(text.size());
  return pieces;
}

}  // namespace fmri2img::text
