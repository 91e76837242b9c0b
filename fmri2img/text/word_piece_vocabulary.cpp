#include "fmri2img/text/word_piece_vocabulary.h"

#include <set>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/text/unicode.h"
#include "fmri2img/text/vocabulary_files.h"
#include "fmri2img/text/word_pieces.h"

namespace fmri2img::text {
namespace {

void add_special(const std::string& token, Vocabulary& vocabulary) {
  const auto id = static_cast<int64_t>(vocabulary.ids.size());
  vocabulary.ids[token] = id;
  vocabulary.added[token] = {.content = token, .id = id, .special = true};
}

void add_plain(const std::string& token, Vocabulary& vocabulary) {
  vocabulary.ids.emplace(token, static_cast<int64_t>(vocabulary.ids.size()));
}

std::set<std::u32string> all_words(std::span<const std::string> captions,
                                   std::span<const std::string_view> extra_words) {
  std::set<std::u32string> words;
  const auto add = [&](std::string_view text) {
    for (std::u32string& word : word_piece_words(text)) words.insert(std::move(word));
  };
  for (const std::string& caption : captions) add(caption);
  for (const std::string_view word : extra_words) add(word);
  return words;
}

/// Printable ASCII without upper case, and whatever else the words are written with.
std::set<char32_t> all_characters(const std::set<std::u32string>& words) {
  std::set<char32_t> characters;
  for (char32_t c = U'!'; c <= U'~'; ++c) {
    if (c < U'A' || c > U'Z') characters.insert(c);
  }
  for (const std::u32string& word : words) characters.insert(word.begin(), word.end());
  return characters;
}

}  // namespace

Vocabulary learn_word_piece_vocabulary(std::span<const std::string> captions,
                                       std::span<const std::string_view> extra_words) {
  const std::set<std::u32string> words = all_words(captions, extra_words);
  const std::set<char32_t> characters = all_characters(words);
  Vocabulary vocabulary;
  for (const char* token : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) add_special(token, vocabulary);
  for (const char32_t c : characters) add_plain(encode_utf8({&c, 1}), vocabulary);
  for (const char32_t c : characters) {
    if (is_letter(c) || is_number(c)) add_plain("##" + encode_utf8({&c, 1}), vocabulary);
  }
  for (const std::u32string& word : words) add_plain(encode_utf8(word), vocabulary);
  for (const char* token : {"[DEC]", "[ENC]"}) add_special(token, vocabulary);
  return vocabulary;
}

void write_word_piece_vocabulary(const std::filesystem::path& folder,
                                 const Vocabulary& vocabulary,
                                 int64_t max_length) {
  make_vocabulary_folder(folder, max_length);
  std::string lines;
  for (const std::string& token : tokens_by_id(vocabulary)) lines += token + "\n";
  write_file(folder / "vocab.txt", lines);
  const Json special = {{"pad_token", "[PAD]"},
                        {"unk_token", "[UNK]"},
                        {"cls_token", "[CLS]"},
                        {"sep_token", "[SEP]"},
                        {"mask_token", "[MASK]"},
                        {"bos_token", "[DEC]"},
                        {"additional_special_tokens", Json::array({"[ENC]"})}};
  write_tokenizer_settings(folder, "BertTokenizer", special, max_length);
}

}  // namespace fmri2img::text
