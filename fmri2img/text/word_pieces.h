#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::text {

/// The words of a text as BERT's uncased tokenizer tells them apart before it cuts them into pieces: cleaned, without
/// accents, lower-cased, every punctuation mark and ideograph by itself. Throws Error if the text is not UTF-8.
std::vector<std::u32string> word_piece_words(std::string_view text);

}  // namespace fmri2img::text
