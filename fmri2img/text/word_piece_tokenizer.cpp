#include "fmri2img/text/word_piece_tokenizer.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/text/added_tokens.h"
#include "fmri2img/text/unicode.h"
#include "fmri2img/text/word_pieces.h"

namespace fmri2img::text {
namespace {

constexpr size_t kLongestWord = 100;  // longer ones are unknown

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
    vocabulary_.add_special(token, where_);
  }
  for (const char* token : {"[DEC]", "[ENC]"}) {
    if (vocabulary_.ids.contains(token)) vocabulary_.add_special(token, where_);
  }
  std::erase_if(vocabulary_.added, [](const auto& token) { return !token.second.special; });
  unknown_ = vocabulary_.ids.at("[UNK]");
  begin_ = vocabulary_.ids.at("[CLS]");
  end_ = vocabulary_.ids.at("[SEP]");
  for (const auto& [token, id] : vocabulary_.ids) tokens_[id] = token;
}

std::vector<int64_t> WordPieceTokenizer::tokenize(std::string_view text) const {
  std::vector<int64_t> ids{begin_};
  for (const TextPiece& piece : split_added_tokens(text, vocabulary_.added)) {
    if (piece.token >= 0) {
      ids.push_back(piece.token);
    } else {
      append_plain(piece.text, ids);
    }
  }
  ids.push_back(end_);
  return ids;
}

void WordPieceTokenizer::append_plain(std::string_view text, std::vector<int64_t>& ids) const {
  for (const std::u32string& word : word_piece_words(text)) append_word(word, ids);
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
    if (vocabulary_.added.contains(word)) continue;
    const bool continues = word.starts_with("##");
    const std::string piece = continues ? word.substr(2) : text.empty() ? word : " " + word;
    text += text.empty() && continues ? word : clean_up_spaces(piece);
  }
  return text;
}

}  // namespace fmri2img::text
