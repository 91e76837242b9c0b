#include "fmri2img/text/find_tokenizer.h"

#include <fmt/format.h>

#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;

TokenizerKind kind_of_file(const fs::path& file) {
  const SortedJson json = read_sorted_json(file);
  const bool has_model = json.is_object() && json.contains("model") && json["model"].is_object();
  const std::string type = has_model ? json["model"].value("type", SortedJson()).dump() : "missing";
  if (type == "\"BPE\"") return TokenizerKind::kBytePairs;
  if (type == "\"WordPiece\"") return TokenizerKind::kWordPieces;
  fail(ErrorKind::kBadInput,
       "\"{}\": the type of its \"model\" is {}; expected \"BPE\" or \"WordPiece\"",
       file.string(),
       type);
}

std::optional<TokenizerKind> kind_in(const fs::path& folder) {
  if (fs::exists(folder / "vocab.txt")) return TokenizerKind::kWordPieces;
  if (fs::exists(folder / "vocab.json") && fs::exists(folder / "merges.txt")) return TokenizerKind::kBytePairs;
  if (fs::exists(folder / "tokenizer.json")) return kind_of_file(folder / "tokenizer.json");
  return std::nullopt;
}

}  // namespace

TokenizerFolder find_tokenizer(const fs::path& model_folder) {
  for (const fs::path& folder : {model_folder, model_folder / "tokenizer"}) {
    if (const auto kind = kind_in(folder)) return {folder, *kind};
  }
  fail(
      ErrorKind::kBadInput,
      "\"{}\" has no tokenizer: expected vocab.json with merges.txt, vocab.txt or tokenizer.json in it, or in a folder "
      "\"tokenizer\" in it",
      model_folder.string());
}

}  // namespace fmri2img::text
