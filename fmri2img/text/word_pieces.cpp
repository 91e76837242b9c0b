#include "fmri2img/text/word_pieces.h"

#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

/// Drops control characters, makes white space a space, and puts spaces around ideographs.
std::u32string clean(std::u32string_view text) {
  std::u32string cleaned;
  for (const char32_t c : text) {
    // Tabs and line ends are white space here; other control characters vanish, those that separate lines too.
    const bool tab_or_line = c == U'\t' || c == U'\n' || c == U'\r';
    if (c == 0 || c == 0xFFFD || (is_control(c) && !tab_or_line)) continue;
    if (is_white_space(c)) {
      cleaned.push_back(U' ');
    } else if (is_cjk_ideograph(c)) {
      cleaned += {U' ', c, U' '};
    } else {
      cleaned.push_back(c);
    }
  }
  return cleaned;
}

std::u32string without_accents(std::u32string_view text) {
  std::u32string plain;
  for (const char32_t c : decompose(text)) {
    if (!is_mark(c)) plain.push_back(c);
  }
  return plain;
}

bool is_word_break(char32_t c) {
  const bool ascii_symbol =
      (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return ascii_symbol || is_punctuation(c);
}

}  // namespace

std::vector<std::u32string> word_piece_words(std::string_view text) {
  const std::u32string plain = lower_case(without_accents(clean(decode_utf8(text))));
  std::vector<std::u32string> words;
  std::u32string_view rest = plain;
  while (!rest.empty()) {
    size_t length = 0;
    while (length < rest.size() && !is_white_space(rest[length]) && !is_word_break(rest[length])) ++length;
    if (length > 0) words.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
    if (rest.empty()) break;
    if (is_word_break(rest.front())) words.emplace_back(rest.substr(0, 1));
    rest.remove_prefix(1);
  }
  return words;
}

}  // namespace fmri2img::text
