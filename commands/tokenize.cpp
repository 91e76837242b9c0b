#include "commands/tokenize.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/json.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/find_tokenizer.h"
#include "fmri2img/text/word_piece_tokenizer.h"

namespace fmri2img::commands {
namespace {

/// A text as a model reads it.
struct TokenizedText {
  std::vector<int64_t> ids;  ///< begin and end included, padding not
  std::vector<std::string> tokens;
  int64_t most = 0;        ///< ids that the model reads; 0: any number
  int64_t cut_tokens = 0;  ///< that are not among them
  std::string cut_off;     ///< the text of those
};

template <class Tokenizer> std::vector<std::string> names(const Tokenizer& tokenizer, const std::vector<int64_t>& ids) {
  std::vector<std::string> tokens;
  for (const int64_t id : ids) tokens.push_back(tokenizer.token(id));
  return tokens;
}

/// Cut to the length of CLIP's context; the end token stays.
TokenizedText tokenize_byte_pairs(const std::string& text, const std::filesystem::path& folder) {
  const text::BytePairTokenizer tokenizer(folder);
  const std::vector<int64_t> whole = tokenizer.tokenize(text);
  TokenizedText result{.ids = whole, .most = tokenizer.max_length()};
  const auto length = static_cast<int64_t>(whole.size());
  if (length > result.most) {
    const auto first_lost = whole.begin() + result.most - 1;
    result.cut_tokens = length - result.most;
    result.cut_off = tokenizer.decode({first_lost, whole.end() - 1});
    result.ids.erase(result.ids.begin() + result.most - 1, result.ids.end() - 1);
  }
  result.tokens = names(tokenizer, result.ids);
  return result;
}

TokenizedText tokenize_word_pieces(const std::string& text, const std::filesystem::path& folder) {
  const text::WordPieceTokenizer tokenizer(folder);
  TokenizedText result{.ids = tokenizer.tokenize(text)};
  result.tokens = names(tokenizer, result.ids);
  return result;
}

struct Tokenize {
  std::string text;
  std::string model;
  bool json = false;

  void usage(CLI::App& app) {
    app.add_option("text", text, "The text, in quotes")->required();
    app.add_option("--model", model, "Folder of a Stable Diffusion, CLIP or BLIP model, or of a tokenizer")->required();
    app.add_flag("--json", json, "Print as JSON");
    app.footer(
        "Ids that only fill the model's context up are not shown.\n"
        "Example: fmri2img tokenize \"a red train\" --model stable-diffusion-v1-5");
  }

  void run() {
    const text::TokenizerFolder found = text::find_tokenizer(model);
    const TokenizedText result = found.kind == text::TokenizerKind::kBytePairs
                                     ? tokenize_byte_pairs(text, found.folder)
                                     : tokenize_word_pieces(text, found.folder);
    if (json) {
      print_json(result);
    } else {
      print_text(result);
    }
  }

  static void print_json(const TokenizedText& result) {
    const Json shown = {{"ids", result.ids},
                        {"tokens", result.tokens},
                        {"max_length", result.most > 0 ? Json(result.most) : Json()},
                        {"cut_off", result.cut_tokens > 0 ? Json(result.cut_off) : Json()}};
    fmt::print("{}\n", shown.dump(2));
  }

  static void print_text(const TokenizedText& result) {
    for (size_t i = 0; i < result.ids.size(); ++i) fmt::print("{:>8}  {}\n", result.ids[i], result.tokens[i]);
    const std::string limit = result.most > 0 ? fmt::format(" of at most {}", result.most) : "";
    fmt::print("{} tokens{}\n", result.ids.size(), limit);
    if (result.cut_tokens > 0) fmt::print("{} tokens were cut off: \"{}\"\n", result.cut_tokens, result.cut_off);
  }
};

}  // namespace

Command tokenize() {
  return make_command<Tokenize>("tokenize", "Show the tokens that a model reads of a text");
}

}  // namespace fmri2img::commands
