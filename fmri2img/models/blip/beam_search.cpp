#include "fmri2img/models/blip/beam_search.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace fmri2img::models {
namespace {

constexpr double kImpossible = -1e9;

at::Tensor impossible_where(const at::Tensor& condition) {
  return condition.to(at::kFloat) * kImpossible;
}

at::Tensor best_places(const at::Tensor& scores, int64_t count) {
  return std::get<1>(scores.topk(count));
}

}  // namespace

BeamSearch::BeamSearch(const std::vector<int64_t>& prompt, const BeamSearchOptions& options)
    : options_(options),
      prompt_length_(static_cast<int64_t>(prompt.size())),
      length_(prompt_length_),
      sequences_(at::tensor(prompt).repeat({options.beams, 1})),
      scores_(at::full({options.beams}, kImpossible, at::kFloat)),
      parents_(at::arange(options.beams)),
      ended_sequences_(at::constant_pad_nd(sequences_, {0, options.max_length - length_}, options.end_token)),
      ended_scores_(at::full({options.beams}, kImpossible, at::kFloat)),
      has_ended_(at::zeros({options.beams}, at::kBool)) {
  scores_[0] = 0;  // the others would be the same texts once more
}

void BeamSearch::advance(const at::Tensor& log_probabilities) {
  const Candidates candidates = extend(log_probabilities);
  keep_open(candidates);
  keep_ended(candidates);
  ++length_;
  done_ = !can_improve() || candidates.ended.all().item<bool>();
}

BeamSearch::Candidates BeamSearch::extend(const at::Tensor& log_probabilities) const {
  const int64_t words = log_probabilities.size(1);
  const auto [scores, places] = (log_probabilities + scores_.unsqueeze(1)).flatten().topk(2 * options_.beams);
  const at::Tensor parents = places.floor_divide(words);
  const at::Tensor tokens = places.remainder(words);
  const bool at_the_end = length_ + 1 >= options_.max_length;
  return {.scores = scores,
          .parents = parents,
          .sequences = at::cat({sequences_.index_select(0, parents), tokens.unsqueeze(1)}, 1),
          .ended = at_the_end ? at::ones_like(tokens, at::kBool) : tokens.eq(options_.end_token)};
}

void BeamSearch::keep_open(const Candidates& candidates) {
  const at::Tensor scores = candidates.scores + impossible_where(candidates.ended);
  const at::Tensor best = best_places(scores, options_.beams);
  sequences_ = candidates.sequences.index_select(0, best);
  scores_ = scores.index_select(0, best);
  parents_ = candidates.parents.index_select(0, best);
}

/// Only the first `beams` candidates may end; the others stand by so that enough stay open.
void BeamSearch::keep_ended(const Candidates& candidates) {
  const at::Tensor among_first = at::arange(2 * options_.beams) < options_.beams;
  const at::Tensor just_ended = candidates.ended.logical_and(among_first);
  const at::Tensor scores =
      candidates.scores / std::pow(static_cast<double>(length_ + 1 - prompt_length_), options_.length_penalty) +
      impossible_where(just_ended.logical_not());
  const at::Tensor filled_up =
      at::constant_pad_nd(candidates.sequences, {0, options_.max_length - length_ - 1}, options_.end_token);
  const at::Tensor all_scores = at::cat({ended_scores_, scores});
  const at::Tensor best = best_places(all_scores, options_.beams);
  ended_scores_ = all_scores.index_select(0, best);
  ended_sequences_ = at::cat({ended_sequences_, filled_up}).index_select(0, best);
  has_ended_ = at::cat({has_ended_, just_ended}).index_select(0, best);
}

/// A guess, as the original has it: that the likeliest open text would end now.
bool BeamSearch::can_improve() const {
  const double divisor = std::pow(static_cast<double>(length_ - prompt_length_), options_.length_penalty);
  const at::Tensor best_open = scores_.narrow(0, 0, 1) / divisor;
  const at::Tensor worst_ended = at::where(has_ended_, ended_scores_.min(), kImpossible);
  return (best_open > worst_ended).any().item<bool>();
}

std::vector<int64_t> BeamSearch::best() const {
  const at::Tensor row = ended_sequences_[0].contiguous();
  const int64_t* first = row.const_data_ptr<int64_t>();
  const int64_t* last = first + row.numel();
  const int64_t* end = std::find(first + prompt_length_, last, options_.end_token);
  return {first, end == last ? last : end + 1};
}

}  // namespace fmri2img::models
