#pragma once

#include <string>
#include <string_view>

namespace fmri2img::text {

/// Code points of a UTF-8 text. Throws Error naming the byte where it is not UTF-8.
std::u32string decode_utf8(std::string_view text);

/// The same, with U+FFFD for every run of bytes that is no character, as far as it looks like the beginning of one
/// (Unicode 16, section 3.9, "maximal subparts").
std::u32string decode_utf8_leniently(std::string_view text);

std::string encode_utf8(std::u32string_view text);

/// Canonical composition (NFC) and decomposition (NFD).
std::u32string compose(std::u32string_view text);
std::u32string decompose(std::u32string_view text);

/// Each code point alone, with no regard to its neighbours; may be longer than the text (U+0130 becomes two).
std::u32string lower_case(std::u32string_view text);

// General categories and properties of one code point.
bool is_letter(char32_t c);       ///< L
bool is_number(char32_t c);       ///< N
bool is_white_space(char32_t c);  ///< the property White_Space
bool is_punctuation(char32_t c);  ///< P
bool is_control(char32_t c);      ///< Cc, Cf, Co, Cs
bool is_mark(char32_t c);         ///< Mn: accents that do not advance
bool is_cjk_ideograph(char32_t c);

/// What \w of the regular expressions of Unicode (UTS 18) stands for.
bool is_word_character(char32_t c);

}  // namespace fmri2img::text
