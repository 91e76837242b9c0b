#include "fmri2img/models/blip/generate.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/models/blip/beam_search.h"
#include "fmri2img/models/blip/token_rules.h"

namespace fmri2img::models {
namespace {

using Texts = std::vector<std::vector<int64_t>>;

constexpr int64_t kUsualNewTokens = 20;

/// What the rest needs to know of one call.
struct Plan {
  std::vector<int64_t> prompt;
  int64_t max_length;
  int64_t end_token;
  int64_t padding;
  TokenRules rules;
};

int64_t greatest_length(const BlipTextOptions& model, int64_t prompt_length, const GenerationOptions& options) {
  const int64_t positions = model.max_position_embeddings;
  const int64_t left = positions - prompt_length;
  FMRI2IMG_CHECK_USAGE(left >= 1,
                       "the prompt has {} tokens, the model {} positions: no place is left for a caption",
                       prompt_length,
                       positions);
  FMRI2IMG_CHECK_USAGE(options.max_new_tokens.value_or(1) <= left,
                       "max_new_tokens is {}; after a prompt of {} tokens this model has positions for {}",
                       options.max_new_tokens.value_or(1),
                       prompt_length,
                       left);
  return prompt_length + options.max_new_tokens.value_or(std::min(kUsualNewTokens, left));
}

Plan make_plan(const BlipTextOptions& model, const std::vector<int64_t>& prompt, const GenerationOptions& options) {
  check_generation_options(options);
  const auto prompt_length = static_cast<int64_t>(prompt.size());
  return {.prompt = prompt,
          .max_length = greatest_length(model, prompt_length, options),
          .end_token = model.sep_token_id,
          .padding = model.pad_token_id,
          .rules = TokenRules(options, prompt_length, model.sep_token_id)};
}

/// The decoder in front of its pictures, on their device; what goes in and comes out is on the CPU.
class Writer {
 public:
  Writer(Blip& model, const at::Tensor& pictures)
      : decoder_(model->text_decoder),
        seen_(decoder_->look_at(model->vision_model(pictures))),
        pictures_(pictures.size(0)),
        device_(pictures.device()),
        cache_(model->options.text.num_hidden_layers) {}

  int64_t pictures() const { return pictures_; }

  /// Scores of the token after the prompt, float32 [B, V].
  at::Tensor begin(const std::vector<int64_t>& prompt) { return next(at::tensor(prompt).repeat({pictures_, 1})); }

  /// Scores of the token after `tokens` [R].
  at::Tensor go_on(const at::Tensor& tokens) { return next(tokens.unsqueeze(1)); }

  void select(const at::Tensor& rows) { cache_.select(rows.to(device_)); }

 private:
  at::Tensor next(const at::Tensor& ids) {
    return decoder_->next(ids.to(device_), seen_, cache_).to(at::kCPU, at::kFloat);
  }

  BlipTextDecoder decoder_;
  PictureKeysValues seen_;
  int64_t pictures_;
  at::Device device_;
  KeyValueCache cache_;
};

/// Up to and with the first end token after the prompt.
std::vector<int64_t> cut_at_end(const at::Tensor& row, const Plan& plan) {
  std::vector<int64_t> text(row.const_data_ptr<int64_t>(), row.const_data_ptr<int64_t>() + row.numel());
  const auto end = std::find(text.begin() + static_cast<int64_t>(plan.prompt.size()), text.end(), plan.end_token);
  if (end != text.end()) text.erase(end + 1, text.end());
  return text;
}

Texts take_likeliest(Writer& writer, const Plan& plan) {
  at::Tensor sequences = at::tensor(plan.prompt).repeat({writer.pictures(), 1});
  at::Tensor done = at::zeros({writer.pictures()}, at::kBool);
  at::Tensor scores = writer.begin(plan.prompt);
  while (true) {
    const at::Tensor tokens = at::where(done, plan.padding, plan.rules.apply(sequences, scores).argmax(-1));
    sequences = at::cat({sequences, tokens.unsqueeze(1)}, 1);
    done = done.logical_or(tokens.eq(plan.end_token));
    if (sequences.size(1) == plan.max_length || done.all().item<bool>()) break;
    scores = writer.go_on(tokens);
  }
  Texts texts;
  for (const at::Tensor& row : sequences.unbind(0)) texts.push_back(cut_at_end(row, plan));
  return texts;
}

/// One step of every search that is not done; `scores` [B, beams, V].
void advance_searches(std::vector<BeamSearch>& searches, const at::Tensor& scores, const Plan& plan) {
  for (size_t i = 0; i < searches.size(); ++i) {
    if (searches[i].done()) continue;
    const at::Tensor log_probabilities = scores[static_cast<int64_t>(i)].log_softmax(-1);
    searches[i].advance(plan.rules.apply(searches[i].sequences(), log_probabilities));
  }
}

/// For every row of the next step, that of the last one that it continues.
at::Tensor continued_rows(const std::vector<BeamSearch>& searches, int64_t beams) {
  std::vector<at::Tensor> rows;
  rows.reserve(searches.size());
  for (size_t i = 0; i < searches.size(); ++i) rows.push_back(searches[i].parents() + static_cast<int64_t>(i) * beams);
  return at::cat(rows);
}

at::Tensor last_tokens(const std::vector<BeamSearch>& searches) {
  std::vector<at::Tensor> tokens;
  for (const BeamSearch& search : searches) tokens.push_back(search.sequences().select(1, -1));
  return at::cat(tokens);
}

Texts follow_beams(Writer& writer, const Plan& plan, const GenerationOptions& options) {
  const int64_t beams = options.num_beams;
  std::vector<BeamSearch> searches(static_cast<size_t>(writer.pictures()),
                                   BeamSearch(plan.prompt,
                                              {.beams = beams,
                                               .max_length = plan.max_length,
                                               .length_penalty = options.length_penalty,
                                               .end_token = plan.end_token}));
  // The beams of a picture are one row until they part.
  advance_searches(searches, writer.begin(plan.prompt).unsqueeze(1).expand({-1, beams, -1}), plan);
  at::Tensor rows = continued_rows(searches, beams).floor_divide(beams);
  while (!std::ranges::all_of(searches, &BeamSearch::done)) {
    writer.select(rows);
    const at::Tensor scores = writer.go_on(last_tokens(searches));
    advance_searches(searches, scores.unflatten(0, {-1, beams}), plan);
    rows = continued_rows(searches, beams);
  }
  Texts texts;
  for (const BeamSearch& search : searches) texts.push_back(search.best());
  return texts;
}

}  // namespace

Texts generate(Blip& model,
               const at::Tensor& pictures,
               const std::vector<int64_t>& prompt,
               const GenerationOptions& options) {
  const at::NoGradGuard no_grad;
  const Plan plan = make_plan(model->options.text, prompt, options);
  if (pictures.size(0) == 0) return {};
  Writer writer(model, pictures);
  return options.num_beams == 1 ? take_likeliest(writer, plan) : follow_beams(writer, plan, options);
}

}  // namespace fmri2img::models
