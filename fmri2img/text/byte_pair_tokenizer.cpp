#include "fmri2img/text/byte_pair_tokenizer.h"

#include <fmt/format.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pairs.h"
#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;

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

/// The bytes that a token stands for: itself where not all of it is of the alphabet.
std::string bytes_of(std::string_view token) {
  std::string bytes;
  for (const char32_t letter : decode_utf8(token)) {
    const auto found = letter_bytes().find(letter);
    if (found == letter_bytes().end()) return std::string(token);
    bytes += found->second;
  }
  return bytes;
}

/// As Python's str.strip, for which the four separators of ASCII are white space too.
std::u32string_view strip(std::u32string_view text) {
  const auto is_space = [](char32_t c) { return is_white_space(c) || (c >= 0x1C && c <= 0x1F); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string token_text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.is_object() ? json.value("content", "") : "";
}

}  // namespace

BytePairTokenizer::BytePairTokenizer(const fs::path& folder)
    : where_(fmt::format("\"{}\"", folder.string())), vocabulary_(read_byte_pair_vocabulary(folder)) {
  for (const auto& [left, right] : vocabulary_.merges) merges_.add(left, right);
  begin_ = vocabulary_.id(kTextBegin, where_);
  end_ = vocabulary_.id(kTextEnd, where_);
  set_padding(kTextEnd, where_);
  for (const std::string& token : {kTextBegin, kTextEnd}) vocabulary_.add_special(token, where_);
  for (const auto& [token, id] : vocabulary_.ids) tokens_[id] = token;
  read_configuration(folder);
  sort_added_tokens();
}

void BytePairTokenizer::sort_added_tokens() {
  for (const auto& [content, token] : vocabulary_.added) {
    AddedToken sorted = token;
    if (token.normalized) sorted.content = normalize_byte_pair_text(content);
    tokens_[token.id] = sorted.content;
    if (token.special) special_ids_.insert(token.id);
    (token.normalized ? normalized_ : literal_).emplace(sorted.content, sorted);
  }
}

void BytePairTokenizer::read_configuration(const fs::path& folder) {
  bool has_all = false;  // newer files keep everything in one place, and the other only repeats it
  for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"}) {
    const fs::path file = folder / name;
    if (!fs::exists(file) || has_all) continue;
    const Json json = read_json(file);
    FMRI2IMG_CHECK(json.is_object(), "\"{}\" is no JSON object", file.string());
    has_all = json.contains("added_tokens_decoder");
    const std::string padding = json.contains("pad_token") ? token_text(json["pad_token"]) : "";
    if (!padding.empty()) set_padding(padding, fmt::format("\"{}\": pad_token", file.string()));
    // Some files hold 1e30 for "no limit".
    if (json.contains("model_max_length") && json["model_max_length"].is_number_integer()) {
      max_length_ = json["model_max_length"].get<int64_t>();
      FMRI2IMG_CHECK(
          max_length_ >= 2, "\"{}\": model_max_length is {}, must be at least 2", file.string(), max_length_);
    }
  }
  vocabulary_.add_special(padding_token_, where_);
}

void BytePairTokenizer::set_padding(const std::string& token, const std::string& where) {
  padding_ = vocabulary_.id(token, where);
  padding_token_ = token;
}

std::vector<int64_t> BytePairTokenizer::tokenize(std::string_view text) const {
  std::vector<int64_t> ids{begin_};
  for (const TextPiece& piece : split_added_tokens(text, literal_)) {
    if (piece.token >= 0) {
      ids.push_back(piece.token);
    } else {
      append_normalized(normalize_byte_pair_text(piece.text), ids);
    }
  }
  ids.push_back(end_);
  return ids;
}

void BytePairTokenizer::append_normalized(std::string_view text, std::vector<int64_t>& ids) const {
  for (const TextPiece& piece : split_added_tokens(text, normalized_)) {
    if (piece.token >= 0) {
      ids.push_back(piece.token);
    } else {
      append_plain(piece.text, ids);
    }
  }
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
    if (special_ids_.contains(id)) continue;
    std::string_view rest = token(id);
    const bool ends_word = rest.ends_with(kWordEnd);
    if (ends_word) rest.remove_suffix(kWordEnd.size());
    bytes += bytes_of(rest);
    if (ends_word) bytes += ' ';
  }
  const std::u32string whole = decode_utf8_leniently(bytes);
  return encode_utf8(strip(whole));
}

void BytePairTokenizer::append_plain(std::string_view normalized, std::vector<int64_t>& ids) const {
  for (const std::string& word : byte_pair_words(normalized)) {
    for (const std::string& symbol : merges_.apply(byte_symbols(word))) {
      const auto found = vocabulary_.ids.find(symbol);
      ids.push_back(found == vocabulary_.ids.end() ? end_ : found->second);  // the end token is also "unknown"
    }
  }
}

}  // namespace fmri2img::text
