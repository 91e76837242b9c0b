#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fmri2img::text {

/// The parts of CLIP's byte-pair encoding.

/// GPT-2's alphabet: every byte as a printable character. Bytes that are printable stand for themselves, the others for
/// U+0100 and on.
const std::array<std::string, 256>& byte_alphabet();

/// The tokens around every text.
inline const std::string kTextBegin = "<|startoftext|>";
inline const std::string kTextEnd = "<|endoftext|>";

/// Ends the last symbol of every word.
inline const std::string kWordEnd = "</w>";

/// A text as CLIP's words and added tokens are looked for in it: composed (NFC), runs of white space as one space,
/// lower case. Throws Error if it is not UTF-8.
std::string normalize_byte_pair_text(std::string_view text);

/// The words of a normalized text by CLIP's pattern.
std::vector<std::string> byte_pair_words(std::string_view normalized);

/// The bytes of a word in `byte_alphabet`, the last with kWordEnd. REQUIRES: not empty.
std::vector<std::string> byte_symbols(std::string_view word);

/// Which neighbours become one symbol, in what order.
class BytePairMerges {
 public:
  /// The next merge; one that is there already keeps its rank.
  void add(const std::string& left, const std::string& right);

  /// Merges the pair of the lowest rank, the leftmost of equal ones, as long as there is one.
  std::vector<std::string> apply(std::vector<std::string> symbols) const;

 private:
  std::unordered_map<std::string, size_t> ranks_;  // "left right" -> rank
};

}  // namespace fmri2img::text
