#include "fmri2img/models/blip/token_rules.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "fmri2img/core/check.h"

namespace fmri2img::models {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

at::Tensor penalise_repetition(const at::Tensor& sequences, const at::Tensor& scores, double penalty) {
  const at::Tensor used = scores.gather(1, sequences);
  return scores.scatter(1, sequences, at::where(used < 0, used * penalty, used / penalty));
}

/// Forbids what followed the last size - 1 tokens wherever else they stand.
at::Tensor forbid_repeated_ngrams(const at::Tensor& sequences, const at::Tensor& scores, int64_t size) {
  const int64_t length = sequences.size(1);
  if (length < size) return scores;
  const at::Tensor last = sequences.narrow(1, length + 1 - size, size - 1);
  const at::Tensor windows = sequences.unfold(1, size, 1);  // [R, windows, size]
  const at::Tensor same = windows.narrow(2, 0, size - 1).eq(last.unsqueeze(1)).all(-1);
  // Windows that differ mark a column beyond the words.
  const at::Tensor words = at::where(same, windows.select(2, size - 1), scores.size(1));
  const at::Tensor forbidden = at::zeros({scores.size(0), scores.size(1) + 1}, at::kBool).scatter(1, words, true);
  return scores.masked_fill(forbidden.narrow(1, 0, scores.size(1)), kNever);
}

}  // namespace

void check_generation_options(const GenerationOptions& options) {
  const auto require = [](bool holds, const char* name, const auto& value, const char* expected) {
    FMRI2IMG_CHECK_USAGE(holds, "{} is {}, expected {}", name, value, expected);
  };
  require(options.num_beams >= 1, "num_beams", options.num_beams, "1 or more");
  const int64_t new_tokens = options.max_new_tokens.value_or(1);
  require(new_tokens >= 1, "max_new_tokens", new_tokens, "1 or more");
  require(options.min_length >= 0, "min_length", options.min_length, "0 or more");
  require(options.min_new_tokens >= 0, "min_new_tokens", options.min_new_tokens, "0 or more");
  require(std::isfinite(options.length_penalty), "length_penalty", options.length_penalty, "a finite number");
  const double repetition = options.repetition_penalty;
  require(std::isfinite(repetition) && repetition > 0, "repetition_penalty", repetition, "a positive number");
  require(options.no_repeat_ngram_size >= 0, "no_repeat_ngram_size", options.no_repeat_ngram_size, "0 or more");
}

TokenRules::TokenRules(const GenerationOptions& options, int64_t prompt_length, int64_t end_token)
    : repetition_penalty_(options.repetition_penalty),
      ngram_(options.no_repeat_ngram_size),
      min_length_(options.min_new_tokens > 0 ? prompt_length + options.min_new_tokens : options.min_length),
      end_token_(end_token) {}

at::Tensor TokenRules::apply(const at::Tensor& sequences, const at::Tensor& scores) const {
  at::Tensor changed = scores;
  if (repetition_penalty_ != 1) changed = penalise_repetition(sequences, changed, repetition_penalty_);
  if (ngram_ > 0) changed = forbid_repeated_ngrams(sequences, changed, ngram_);
  if (sequences.size(1) < min_length_) {
    const at::Tensor end = at::full({1}, end_token_, at::kLong);
    changed = changed.index_fill(1, end, kNever);
  }
  return changed;
}

}  // namespace fmri2img::models
