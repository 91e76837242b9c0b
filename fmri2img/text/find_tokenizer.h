#pragma once

#include <filesystem>

namespace fmri2img::text {

enum class TokenizerKind {
  kBytePairs,   ///< BytePairTokenizer: CLIP, Stable Diffusion
  kWordPieces,  ///< WordPieceTokenizer: BLIP
};

struct TokenizerFolder {
  std::filesystem::path folder;
  TokenizerKind kind;
};

/// Where a model's folder has its tokenizer, and which it is: the folder itself, or `tokenizer` in it, as in a Stable
/// Diffusion folder. Told apart by vocab.txt, vocab.json with merges.txt, or the model in tokenizer.json.
/// Throws Error saying what was looked for.
TokenizerFolder find_tokenizer(const std::filesystem::path& model_folder);

}  // namespace fmri2img::text
