#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::models {

struct BeamSearchOptions {
  int64_t beams = 3;
  int64_t max_length = 21;  ///< of a text with its prompt. REQUIRES: longer than the prompt
  double length_penalty = 1;
  int64_t end_token = 102;
};

/// Beam search for one picture: the state between two steps of a decoder.
///
/// Source: transformers 5.24, GenerationMixin._beam_search with early_stopping False: its arithmetic in float32, its
/// order of ties (that of `topk` over the same numbers), its end. A picture ends here when it would alone; there it
/// goes on with its batch, which changes nothing any more.
class BeamSearch {
 public:
  BeamSearch(const std::vector<int64_t>& prompt, const BeamSearchOptions& options);

  /// Takes the log probabilities of the next token after each of `sequences`, float32 [beams, V], and goes on by one.
  /// REQUIRES: V >= 2, and not done().
  void advance(const at::Tensor& log_probabilities);

  /// No text that is still open can become the best, or none is left.
  bool done() const { return done_; }

  /// The texts that are followed: int64 [beams, length]. In the beginning all are the prompt, and only the first
  /// counts.
  const at::Tensor& sequences() const { return sequences_; }

  /// Which of the last step's sequences each continues: int64 [beams].
  const at::Tensor& parents() const { return parents_; }

  /// The best text, from the prompt's first token to the end token, or to the greatest length.
  std::vector<int64_t> best() const;

 private:
  /// The 2 x beams likeliest continuations of a step, the likeliest first.
  struct Candidates {
    at::Tensor scores;     // sums of log probabilities
    at::Tensor parents;    // rows of sequences_
    at::Tensor sequences;  // [2 beams, length + 1]
    at::Tensor ended;      // by the end token or the greatest length
  };

  Candidates extend(const at::Tensor& log_probabilities) const;
  void keep_open(const Candidates& candidates);
  void keep_ended(const Candidates& candidates);
  bool can_improve() const;

  BeamSearchOptions options_;
  int64_t prompt_length_;
  int64_t length_;
  bool done_ = false;
  at::Tensor sequences_;
  at::Tensor scores_;  // [beams]
  at::Tensor parents_;
  at::Tensor ended_sequences_;  // [beams, max_length], filled up with the end token
  at::Tensor ended_scores_;     // [beams], over the length's power
  at::Tensor has_ended_;        // [beams]
};

}  // namespace fmri2img::models
