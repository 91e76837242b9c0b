#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "fmri2img/models/blip/generation_options.h"

namespace fmri2img::models {

/// What the options forbid or hinder, as changes to the scores of the next token.
///
/// Source: transformers 5.24, RepetitionPenalty-, NoRepeatNGram-, MinLength- and MinNewTokensLengthLogitsProcessor, in
/// the order of `_get_logits_processor`.
class TokenRules {
 public:
  TokenRules(const GenerationOptions& options, int64_t prompt_length, int64_t end_token);

  /// Shape: sequences int64 [R, length], prompt included; scores [R, V] float32, logits or log probabilities -> [R, V].
  at::Tensor apply(const at::Tensor& sequences, const at::Tensor& scores) const;

 private:
  double repetition_penalty_;
  int64_t ngram_;
  int64_t min_length_;
  int64_t end_token_;
};

}  // namespace fmri2img::models
