#include "fmri2img/text/word_piece_tokenizer.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/text/special_tokens.h"
#include "fmri2img/text/unicode.h"

namespace fmri2img::text {
namespace {

constexpr size_t kLongestWord = 100;  // longer ones are unknown

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

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Source: tokenizers, decoders::wordpiece::cleanup, with its order.
std::string clean_up_spaces(std::string word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kReplacements = {
      {{" .", "."},
       {" ?", "?"},
       {" !", "!"},
       {" ,", ","},
       {" ' ", "'"},
       {" n't", "n't"},
       {" 'm", "'m"},
       {" do not", " don't"},
       {" 's", "'s"},
       {" 've", "'ve"},
       {" 're", "'re"}}};
  for (const auto& [from, to] : kReplacements) replace_all(word, from, to);
  return word;
}

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(const std::filesystem::path& folder)
    : where_(fmt::format("\"{}\"", folder.string())), vocabulary_(read_word_piece_vocabulary(folder)) {
  for (const char* token : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) {
    vocabulary_.special[token] = vocabulary_.id(token, where_);
  }
  for (const char* token : {"[DEC]", "[ENC]"}) {
    if (vocabulary_.ids.contains(token)) vocabulary_.special[token] = vocabulary_.ids.at(token);
  }
  unknown_ = vocabulary_.ids.at("[UNK]");
  begin_ = vocabulary_.ids.at("[CLS]");
  end_ = vocabulary_.ids.at("[SEP]");
  for (const auto& [token, id] : vocabulary_.ids) tokens_[id] = token;
}

std::vector<int64_t> WordPieceTokenizer::tokenize(std::string_view text) const {
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

void WordPieceTokenizer::append_plain(std::string_view text, std::vector<int64_t>& ids) const {
  const std::u32string words = lower_case(without_accents(clean(decode_utf8(text))));
  std::u32string_view rest = words;
  while (!rest.empty()) {
    size_t length = 0;
    while (length < rest.size() && !is_white_space(rest[length]) && !is_word_break(rest[length])) ++length;
    if (length > 0) append_word(rest.substr(0, length), ids);
    rest.remove_prefix(length);
    if (rest.empty()) return;
    if (is_word_break(rest.front())) append_word(rest.substr(0, 1), ids);
    rest.remove_prefix(1);
  }
}

void WordPieceTokenizer::append_word(std::u32string_view word, std::vector<int64_t>& ids) const {
  const size_t before = ids.size();
  std::u32string_view rest = word;
  while (!rest.empty() && word.size() <= kLongestWord) {
    size_t length = rest.size();
    auto found = vocabulary_.ids.end();
    for (; length > 0; --length) {
      const std::string piece = encode_utf8(rest.substr(0, length));
      found = vocabulary_.ids.find(rest.size() == word.size() ? piece : "##" + piece);
      if (found != vocabulary_.ids.end()) break;
    }
    if (length == 0) break;
    ids.push_back(found->second);
    rest.remove_prefix(length);
  }
  if (rest.empty()) return;
  ids.resize(before);  // one part unknown: the whole word is
  ids.push_back(unknown_);
}

const std::string& WordPieceTokenizer::token(int64_t id) const {
  const auto found = tokens_.find(id);
  FMRI2IMG_CHECK(found != tokens_.end(), "{}: no token has the id {}", where_, id);
  return found->second;
}

std::string WordPieceTokenizer::decode(const std::vector<int64_t>& ids) const {
  std::string text;
  for (const int64_t id : ids) {
    const std::string& word = token(id);
    if (vocabulary_.special.contains(word)) continue;
    const bool continues = word.starts_with("##");
    const std::string piece = continues ? word.substr(2) : text.empty() ? word : " " + word;
    text += text.empty() && continues ? word : clean_up_spaces(piece);
  }
  return text;
}

}  // namespace fmri2img::text
