#include "fmri2img/text/byte_pair_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/text/special_tokens.h"
#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;

const std::string kBegin = "<|startoftext|>";
const std::string kEnd = "<|endoftext|>";
const std::string kWordEnd = "</w>";
constexpr size_t kNoMerge = std::numeric_limits<size_t>::max();

/// GPT-2's alphabet: every byte as a printable character. Bytes that are printable stand for themselves, the others for
/// U+0100 and on.
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

const std::unordered_map<char32_t, char>& letter_bytes() {
  static const std::unordered_map<char32_t, char> bytes = [] {
    std::unordered_map<char32_t, char> of_letter;
    for (size_t byte = 0; byte < 256; ++byte) {
      of_letter[decode_utf8(byte_alphabet()[byte]).front()] = static_cast<char>(byte);
    }
    return of_letter;
  }();
  return bytes;
}

/// The bytes that a token stands for; what is not of the alphabet stands for itself.
void append_bytes(std::string_view token, std::string& bytes) {
  for (const char32_t letter : decode_utf8(token)) {
    const auto found = letter_bytes().find(letter);
    bytes += found != letter_bytes().end() ? std::string(1, found->second) : encode_utf8({&letter, 1});
  }
}

/// As Python's str.strip, for which the four separators of ASCII are white space too.
std::u32string_view strip(std::u32string_view text) {
  const auto is_space = [](char32_t c) { return is_white_space(c) || (c >= 0x1C && c <= 0x1F); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

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

std::string token_text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.is_object() ? json.value("content", "") : "";
}

}  // namespace

BytePairTokenizer::BytePairTokenizer(const fs::path& folder)
    : where_(fmt::format("\"{}\"", folder.string())), vocabulary_(read_byte_pair_vocabulary(folder)) {
  for (size_t rank = 0; rank < vocabulary_.merges.size(); ++rank) {
    ranks_.emplace(vocabulary_.merges[rank].first + " " + vocabulary_.merges[rank].second, rank);
  }
  begin_ = vocabulary_.id(kBegin, where_);
  end_ = vocabulary_.id(kEnd, where_);
  padding_ = end_;
  vocabulary_.special[kBegin] = begin_;
  vocabulary_.special[kEnd] = end_;
  for (const auto& [token, id] : vocabulary_.ids) tokens_[id] = token;
  read_configuration(folder);
}

void BytePairTokenizer::read_configuration(const fs::path& folder) {
  for (const char* name : {"special_tokens_map.json", "tokenizer_config.json"}) {
    const fs::path file = folder / name;
    if (!fs::exists(file)) continue;
    const Json json = read_json(file);
    FMRI2IMG_CHECK(json.is_object(), "\"{}\" is no JSON object", file.string());
    const std::string padding = json.contains("pad_token") ? token_text(json["pad_token"]) : "";
    if (!padding.empty()) padding_ = vocabulary_.id(padding, fmt::format("\"{}\": pad_token", file.string()));
    // Some files hold 1e30 for "no limit".
    if (json.contains("model_max_length") && json["model_max_length"].is_number_integer()) {
      max_length_ = json["model_max_length"].get<int64_t>();
      FMRI2IMG_CHECK(
          max_length_ >= 2, "\"{}\": model_max_length is {}, must be at least 2", file.string(), max_length_);
    }
  }
}

std::vector<int64_t> BytePairTokenizer::tokenize(std::string_view text) const {
  std::vector<int64_t> ids{begin_};
  for (const TextPiece& piece : split_special_tokens(text, vocabulary_.special)) {
    if (piece.special >= 0) {
      ids.push_back(piece.special);
    } else {
      append_plain(piece.text, ids);
    }
  }
  ids.push_back(end_);
  return ids;
}

EncodedText BytePairTokenizer::encode(std::string_view text, int64_t length) const {
  const auto size = static_cast<size_t>(length > 0 ? length : max_length_);
  FMRI2IMG_ASSERT(size >= 2);
  EncodedText encoded{tokenize(text)};
  encoded.tokens = static_cast<int64_t>(encoded.ids.size());
  if (encoded.ids.size() > size) {
    encoded.ids.resize(size);
    encoded.ids.back() = end_;
  }
  encoded.ids.resize(size, padding_);
  return encoded;
}

const std::string& BytePairTokenizer::token(int64_t id) const {
  const auto found = tokens_.find(id);
  FMRI2IMG_CHECK(found != tokens_.end(), "{}: no token has the id {}", where_, id);
  return found->second;
}

std::string BytePairTokenizer::decode(const std::vector<int64_t>& ids) const {
  std::string bytes;
  for (const int64_t id : ids) {
    std::string_view rest = token(id);
    if (vocabulary_.special.contains(std::string(rest))) continue;
    const bool ends_word = rest.ends_with(kWordEnd);
    if (ends_word) rest.remove_suffix(kWordEnd.size());
    append_bytes(rest, bytes);
    if (ends_word) bytes += ' ';
  }
  const std::u32string whole = decode_utf8_leniently(bytes);
  return encode_utf8(strip(whole));
}

void BytePairTokenizer::append_plain(std::string_view text, std::vector<int64_t>& ids) const {
  const std::u32string lowered = lower_case(compose(decode_utf8(text)));
  for (std::u32string_view rest = lowered; !rest.empty();) {
    if (const auto parts = quoted_special_at(rest); !parts.empty()) {
      for (const std::u32string_view part : parts) append_word(part, ids);
      rest.remove_prefix(parts[0].size() + parts[1].size() + parts[2].size());
      continue;
    }
    const size_t length = word_at(rest);
    if (length > 0) append_word(rest.substr(0, length), ids);
    rest.remove_prefix(std::max<size_t>(length, 1));
  }
}

void BytePairTokenizer::append_word(std::u32string_view word, std::vector<int64_t>& ids) const {
  std::vector<std::string> symbols;
  for (const char byte : encode_utf8(word)) symbols.push_back(byte_alphabet()[static_cast<unsigned char>(byte)]);
  symbols.back() += kWordEnd;
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
  for (const std::string& symbol : symbols) {
    const auto found = vocabulary_.ids.find(symbol);
    ids.push_back(found == vocabulary_.ids.end() ? end_ : found->second);  // the end token is also "unknown"
  }
}

}  // namespace fmri2img::text
