#include "fmri2img/text/byte_pair_vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pairs.h"
#include "fmri2img/text/vocabulary_files.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;
using Pair = std::pair<std::string, std::string>;

/// Words on their way from bytes to one symbol each.
class PairLearner {
 public:
  void count_words_of(std::string_view text) {
    for (const std::string& word : byte_pair_words(normalize_byte_pair_text(text))) ++counts_[word];
  }

  std::vector<Pair> learn() {
    for (const auto& [word, count] : counts_) {
      words_.push_back({byte_symbols(word), count});
      enter(words_.size() - 1);
    }
    std::vector<Pair> learned;
    while (!uses_.empty()) {
      learned.push_back(most_frequent());
      merge(learned.back());
    }
    return learned;
  }

 private:
  struct Word {
    std::vector<std::string> symbols;
    int64_t count;
  };
  struct Use {
    int64_t count = 0;
    std::set<size_t> words;
  };

  Pair most_frequent() const {
    const auto rarer = [](const auto& a, const auto& b) { return a.second.count < b.second.count; };
    return std::max_element(uses_.begin(), uses_.end(), rarer)->first;
  }

  /// The words are always what `merges_` makes of them, so that a tokenizer finds them whole.
  void merge(const Pair& pair) {
    merges_.add(pair.first, pair.second);
    for (const size_t index : std::set<size_t>(uses_.at(pair).words)) {
      leave(index);
      words_[index].symbols = merges_.apply(std::move(words_[index].symbols));
      enter(index);
    }
  }

  void enter(size_t index) {
    const Word& word = words_[index];
    for (size_t i = 0; i + 1 < word.symbols.size(); ++i) {
      Use& use = uses_[{word.symbols[i], word.symbols[i + 1]}];
      use.count += word.count;
      use.words.insert(index);
    }
  }

  void leave(size_t index) {
    const Word& word = words_[index];
    for (size_t i = 0; i + 1 < word.symbols.size(); ++i) {
      const auto use = uses_.find({word.symbols[i], word.symbols[i + 1]});
      use->second.count -= word.count;
      use->second.words.erase(index);
      if (use->second.count == 0) uses_.erase(use);
    }
  }

  std::map<std::string, int64_t> counts_;
  std::vector<Word> words_;
  std::map<Pair, Use> uses_;  // of neighbours that are not merged
  BytePairMerges merges_;
};

}  // namespace

Vocabulary learn_byte_pair_vocabulary(std::span<const std::string> captions,
                                      std::span<const std::string_view> extra_words) {
  PairLearner learner;
  for (const std::string& caption : captions) learner.count_words_of(caption);
  for (const std::string_view word : extra_words) learner.count_words_of(word);
  Vocabulary vocabulary;
  vocabulary.merges = learner.learn();
  const auto add = [&](const std::string& token) {
    vocabulary.ids.emplace(token, static_cast<int64_t>(vocabulary.ids.size()));
  };
  auto letters = byte_alphabet();
  std::ranges::sort(letters);  // CLIP's order: the bytes that stand for themselves first
  for (const std::string& letter : letters) add(letter);
  for (const std::string& letter : letters) add(letter + kWordEnd);
  for (const auto& [left, right] : vocabulary.merges) add(left + right);
  for (const std::string& token : {kTextBegin, kTextEnd}) {
    add(token);
    vocabulary.add_special(token, "a learned vocabulary");
  }
  return vocabulary;
}

void write_byte_pair_vocabulary(const fs::path& folder, const Vocabulary& vocabulary, int64_t max_length) {
  make_vocabulary_folder(folder, max_length);
  std::string tokens = "{";
  for (const std::string& token : tokens_by_id(vocabulary)) {
    tokens += fmt::format("{}\n{}: {}", tokens.size() == 1 ? "" : ",", Json(token).dump(), vocabulary.ids.at(token));
  }
  write_file(folder / "vocab.json", tokens + "\n}\n");
  std::string merges = "#version: 0.2\n";
  for (const auto& [left, right] : vocabulary.merges) merges += fmt::format("{} {}\n", left, right);
  write_file(folder / "merges.txt", merges);
  const Json special = {
      {"bos_token", kTextBegin}, {"eos_token", kTextEnd}, {"pad_token", kTextEnd}, {"unk_token", kTextEnd}};
  write_tokenizer_settings(folder, "CLIPTokenizer", special, max_length);
}

}  // namespace fmri2img::text
