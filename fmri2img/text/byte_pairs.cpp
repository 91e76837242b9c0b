#include "fmri2img/text/byte_pairs.h"

#include <algorithm>
#include <limits>

#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

constexpr size_t kNoMerge = std::numeric_limits<size_t>::max();

bool is_symbol(char32_t c) {
  return !is_white_space(c) && !is_letter(c) && !is_number(c);
}

/// Length of the run of characters that satisfy `belongs` at the beginning.
template <class Predicate> size_t run_of(std::u32string_view text, Predicate belongs) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

size_t contraction_at(std::u32string_view text) {
  for (const std::u32string_view ending : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"}) {
    if (text.starts_with(ending)) return ending.size();
  }
  return 0;
}

/// Length of the next word at the beginning of `text`, by the alternatives of CLIP's pattern in their order; 0: none
/// begins here (white space).
size_t word_at(std::u32string_view text) {
  if (const size_t length = contraction_at(text)) return length;
  if (const size_t length = run_of(text, is_letter)) return length;
  if (is_number(text.front())) return 1;
  return run_of(text, is_symbol);
}

/// A lower-cased "<|endoftext|>" or its like is one match of the pattern, cut again by the byte-level stage.
std::vector<std::u32string_view> quoted_special_at(std::u32string_view text) {
  for (const std::u32string_view name : {U"startoftext", U"endoftext"}) {
    const size_t length = name.size() + 4;
    if (text.size() >= length && text.starts_with(U"<|") && text.substr(2).starts_with(name) &&
        text.substr(2 + name.size()).starts_with(U"|>")) {
      return {text.substr(0, 2), text.substr(2, name.size()), text.substr(2 + name.size(), 2)};
    }
  }
  return {};
}

}  // namespace

const std::array<std::string, 256>& byte_alphabet() {
  static const std::array<std::string, 256> alphabet = [] {
    std::array<std::string, 256> letters;
    char32_t next = 0x100;
    for (char32_t byte = 0; byte < 256; ++byte) {
      const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      const char32_t letter = printable ? byte : next++;
      letters[byte] = encode_utf8(std::u32string_view(&letter, 1));
    }
    return letters;
  }();
  return alphabet;
}

std::string normalize_byte_pair_text(std::string_view text) {
  std::u32string spaced;
  for (const char32_t c : compose(decode_utf8(text))) {
    const bool space = is_white_space(c);
    if (!space || spaced.empty() || spaced.back() != U' ') spaced += space ? U' ' : c;
  }
  return encode_utf8(lower_case(spaced));
}

std::vector<std::string> byte_pair_words(std::string_view normalized) {
  const std::u32string points = decode_utf8(normalized);
  std::vector<std::string> words;
  for (std::u32string_view rest = points; !rest.empty();) {
    if (const auto parts = quoted_special_at(rest); !parts.empty()) {
      for (const std::u32string_view part : parts) words.push_back(encode_utf8(part));
      rest.remove_prefix(parts[0].size() + parts[1].size() + parts[2].size());
      continue;
    }
    const size_t length = word_at(rest);
    if (length > 0) words.push_back(encode_utf8(rest.substr(0, length)));
    rest.remove_prefix(std::max<size_t>(length, 1));
  }
  return words;
}

std::vector<std::string> byte_symbols(std::string_view word) {
  std::vector<std::string> symbols;
  for (const char byte : word) symbols.push_back(byte_alphabet()[static_cast<unsigned char>(byte)]);
  symbols.back() += kWordEnd;
  return symbols;
}

void BytePairMerges::add(const std::string& left, const std::string& right) {
  ranks_.emplace(left + " " + right, ranks_.size());
}

std::vector<std::string> BytePairMerges::apply(std::vector<std::string> symbols) const {
  const auto rank_at = [&](size_t i) {
    const auto found = ranks_.find(symbols[i] + " " + symbols[i + 1]);
    return found == ranks_.end() ? kNoMerge : found->second;
  };
  std::vector<size_t> ranks;  // of each symbol with its successor
  for (size_t i = 0; i + 1 < symbols.size(); ++i) ranks.push_back(rank_at(i));
  while (!ranks.empty()) {
    const auto best = std::min_element(ranks.begin(), ranks.end());
    if (*best == kNoMerge) break;
    const auto at = static_cast<size_t>(best - ranks.begin());
    symbols[at] += symbols[at + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    ranks.erase(best);
    if (at > 0) ranks[at - 1] = rank_at(at - 1);
    if (at < ranks.size()) ranks[at] = rank_at(at);
  }
  return symbols;
}

}  // namespace fmri2img::text
