#pragma once

#include <cstdint>
#include <optional>

namespace fmri2img::models {

/// How a text is chosen word by word. Names, meanings and defaults are those of transformers' `generate`.
struct GenerationOptions {
  /// 1: the likeliest token each time. More: that many texts are followed at once, and the best one of those that ended
  /// is taken. Time grows with it, slowly.
  int64_t num_beams = 1;

  /// Tokens after the prompt, the end token included, at most. Default: 20, or as many as the model has positions for.
  std::optional<int64_t> max_new_tokens;

  /// No end before so many tokens, the prompt's included (1 without a prompt: [DEC]).
  int64_t min_length = 0;

  /// The same without the prompt's; where it is not 0, `min_length` does not count.
  int64_t min_new_tokens = 0;

  /// Among ended texts the sum of their log probabilities over length^length_penalty decides: above 0 the longer ones
  /// gain. For beams only.
  double length_penalty = 1;

  /// Above 1 a token that is there already becomes less likely. REQUIRES: > 0.
  double repetition_penalty = 1;

  /// No sequence of so many tokens comes twice; 0: they may.
  int64_t no_repeat_ngram_size = 0;
};

/// Throws Error (wrong usage) naming the option that is out of range.
void check_generation_options(const GenerationOptions& options);

}  // namespace fmri2img::models
