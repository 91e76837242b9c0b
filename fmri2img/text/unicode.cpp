#include "fmri2img/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fmri2img/core/check.h"

namespace fmri2img::text {
namespace {

constexpr char32_t kCapitalIWithDot = 0x130;

std::u32string normalise(std::u32string_view text, utf8proc_option_t direction) {
  const std::string bytes = encode_utf8(text);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                               static_cast<utf8proc_ssize_t>(bytes.size()),
                                               &mapped,
                                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | direction));
  FMRI2IMG_CHECK(length >= 0, "cannot normalise a text: {}", utf8proc_errmsg(length));
  std::u32string result = decode_utf8({reinterpret_cast<const char*>(mapped), static_cast<size_t>(length)});
  std::free(mapped);
  return result;
}

utf8proc_category_t category_of(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

/// Length of the longest beginning of a character that `text`, which does not begin with a whole one, begins with; at
/// least 1.
size_t length_of_broken(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const size_t whole = first >= 0xC2 && first <= 0xDF   ? 2
                       : first >= 0xE0 && first <= 0xEF ? 3
                       : first >= 0xF0 && first <= 0xF4 ? 4
                                                        : 1;
  // The second byte is limited where the first alone would allow overlong forms, surrogates, or more than U+10FFFF.
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  size_t length = 1;
  while (length < std::min(whole, text.size()) && byte(length) >= (length == 1 ? low : 0x80) &&
         byte(length) <= (length == 1 ? high : 0xBF)) {
    ++length;
  }
  return length;
}

bool is_between(utf8proc_category_t category, utf8proc_category_t first, utf8proc_category_t last) {
  return category >= first && category <= last;
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                                     static_cast<utf8proc_ssize_t>(text.size() - at),
                                                     &point);
    FMRI2IMG_CHECK(length > 0, "the text is not UTF-8: byte {} (counted from 0) begins no character", at);
    points.push_back(static_cast<char32_t>(point));
    at += static_cast<size_t>(length);
  }
  return points;
}

std::u32string decode_utf8_leniently(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &point);
    points.push_back(length > 0 ? static_cast<char32_t>(point) : U'\uFFFD');
    text.remove_prefix(length > 0 ? static_cast<size_t>(length) : length_of_broken(text));
  }
  return points;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t c : text) {
    std::array<utf8proc_uint8_t, 4> encoded{};
    const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), encoded.data());
    bytes.append(reinterpret_cast<const char*>(encoded.data()), static_cast<size_t>(length));
  }
  return bytes;
}

std::u32string compose(std::u32string_view text) {
  return normalise(text, UTF8PROC_COMPOSE);
}

std::u32string decompose(std::u32string_view text) {
  return normalise(text, UTF8PROC_DECOMPOSE);
}

std::u32string lower_case(std::u32string_view text) {
  std::u32string lowered;
  lowered.reserve(text.size());
  for (const char32_t c : text) {
    // The one code point whose lower case is two, whatever stands around it (SpecialCasing.txt).
    if (c == kCapitalIWithDot) {
      lowered += U"i\u0307";
    } else {
      lowered.push_back(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
    }
  }
  return lowered;
}

bool is_letter(char32_t c) {
  return is_between(category_of(c), UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}

bool is_number(char32_t c) {
  return is_between(category_of(c), UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

bool is_white_space(char32_t c) {
  return (c >= 0x9 && c <= 0xD) || c == 0x85 || is_between(category_of(c), UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_ZP);
}

bool is_punctuation(char32_t c) {
  return is_between(category_of(c), UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO);
}

bool is_control(char32_t c) {
  return is_between(category_of(c), UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CO);
}

bool is_mark(char32_t c) {
  return category_of(c) == UTF8PROC_CATEGORY_MN;
}

bool is_cjk_ideograph(char32_t c) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 8> kBlocks = {{{0x4E00, 0x9FFF},
                                                                            {0x3400, 0x4DBF},
                                                                            {0x20000, 0x2A6DF},
                                                                            {0x2A700, 0x2B73F},
                                                                            {0x2B740, 0x2B81F},
                                                                            {0x2B920, 0x2CEAF},
                                                                            {0xF900, 0xFAFF},
                                                                            {0x2F800, 0x2FA1F}}};
  for (const auto& [first, last] : kBlocks) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

bool is_word_character(char32_t c) {
  const bool joiner = c == 0x200C || c == 0x200D;
  const bool circled_letter = (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
                              (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
  const utf8proc_category_t category = category_of(c);
  return joiner || circled_letter || is_letter(c) || is_between(category, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_NL) ||
         category == UTF8PROC_CATEGORY_PC;
}

}  // namespace fmri2img::text
