#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "fmri2img/text/vocabulary.h"

namespace fmri2img::text {

/// A vocabulary for BytePairTokenizer in which every word of the captions, and every extra word, is one token.
///
/// Merges the most frequent pair of neighbours (of equally frequent ones the first in byte order) until every word is
/// whole; an extra word counts as if a caption more held it. Ids as CLIP has them: 256 bytes, the same at the end of a
/// word, the merges, <|startoftext|>, <|endoftext|>; so there is no text that cannot be told in tokens.
/// Throws Error for a caption that is not UTF-8.
Vocabulary learn_byte_pair_vocabulary(std::span<const std::string> captions,
                                      std::span<const std::string_view> extra_words);

/// Writes vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json: what transformers' CLIPTokenizer
/// and BytePairTokenizer read. Texts are cut and padded (with <|endoftext|>) to `max_length` tokens. The folder is
/// made.
void write_byte_pair_vocabulary(const std::filesystem::path& folder, const Vocabulary& vocabulary, int64_t max_length);

}  // namespace fmri2img::text
