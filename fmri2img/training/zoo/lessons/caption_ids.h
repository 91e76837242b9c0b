#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>
#include <vector>

#include "fmri2img/models/blip/options.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// What a vocabulary is learned from: the captions of the first 50,000 pictures, or of all.
std::vector<std::string> captions_to_learn(const CaptionedPictures& pictures);

/// The captions as CLIP's text tower reads them, padded to the tokenizer's length.
/// Shape: int64 [N, length].
at::Tensor clip_ids(const text::BytePairTokenizer& tokenizer, std::span<const std::string> captions);

/// The captions as BLIP's decoder learns to write them: its bos_token_id, words, sep_token_id, padded with pad_token_id
/// to the longest and cut to its positions.
/// Shape: int64 [N, T].
at::Tensor blip_ids(const text::WordPieceTokenizer& tokenizer,
                    std::span<const std::string> captions,
                    const models::BlipTextOptions& words);

/// `ids` without the columns in which all texts have ended. A text tower that looks back only, and is read at each
/// text's end, gives the same for them.
at::Tensor without_padding(const at::Tensor& ids, int64_t end_token);

}  // namespace fmri2img::training
