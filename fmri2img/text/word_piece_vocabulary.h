#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "fmri2img/text/vocabulary.h"

namespace fmri2img::text {

/// A vocabulary for WordPieceTokenizer in which every word of the captions, and every extra word, is one token.
///
/// Ids: [PAD] [UNK] [CLS] [SEP] [MASK]; the letters, digits and punctuation of ASCII and every other character of the
/// words; the same as the continuation of a word ("##a", no punctuation); the words in byte order; [DEC] and [ENC],
/// BLIP's own, last.
/// Throws Error for a caption that is not UTF-8.
Vocabulary learn_word_piece_vocabulary(std::span<const std::string> captions,
                                       std::span<const std::string_view> extra_words);

/// Writes vocab.txt, tokenizer_config.json and special_tokens_map.json: what transformers' BertTokenizer and
/// WordPieceTokenizer read. [DEC] is there the bos_token and [ENC] an additional special token, as BLIP adds them, so
/// that they are left out of what is decoded. The folder is made.
void write_word_piece_vocabulary(const std::filesystem::path& folder, const Vocabulary& vocabulary, int64_t max_length);

}  // namespace fmri2img::text
