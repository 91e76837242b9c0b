#include "fmri2img/models/blip/blip_captioner.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/models/blip/generate.h"
#include "fmri2img/nn/inference.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPicturesAtOnce = 8;  // enough for the decoder to read its weights for many texts at once

ImageProcessorOptions raw255(int64_t side) {
  ImageProcessorOptions options = ImageProcessorOptions::blip_defaults();
  options.size = {side, side};
  options.resample = io::Filter::kBilinear;
  options.do_rescale = false;
  options.do_normalize = false;
  return options;
}

ImageProcessorOptions processor_options(const fs::path& folder, CaptionInput input, int64_t side) {
  if (input == CaptionInput::kRaw255) return raw255(side);
  return read_blip_processor(folder, side);
}

/// [DEC], then the words: what transformers makes of "[CLS] words [SEP]".
std::vector<int64_t> make_caption_prompt(const text::WordPieceTokenizer& tokenizer,
                                         const std::string& words,
                                         int64_t first) {
  std::vector<int64_t> tokens = tokenizer.tokenize(words);
  tokens.front() = first;
  tokens.pop_back();
  return tokens;
}

void check_vocabulary(const std::vector<int64_t>& prompt, const BlipTextOptions& model, const fs::path& folder) {
  for (const int64_t token : prompt) {
    FMRI2IMG_CHECK(token < model.vocab_size,
                   "\"{}\": the tokenizer has a token {}, the model's \"vocab_size\" is {}: the files do not belong "
                   "together",
                   folder.string(),
                   token,
                   model.vocab_size);
  }
}

}  // namespace

ImageProcessorOptions read_blip_processor(const fs::path& folder, int64_t side) {
  ImageProcessorOptions defaults = ImageProcessorOptions::blip_defaults();
  defaults.size = {side, side};
  return ImageProcessorOptions::from_folder(folder, defaults);
}

void check_blip_input(const at::Tensor& input, int64_t side) {
  FMRI2IMG_CHECK(input.size(1) == side && input.size(2) == side,
                 "the model's preprocessor_config.json makes pictures of {} x {}, but its config.json has an "
                 "\"image_size\" of {}",
                 input.size(1),
                 input.size(2),
                 side);
}

BlipCaptioner::BlipCaptioner(const fs::path& folder, const CaptionerOptions& options)
    : model_(load_blip(folder)),
      tokenizer_(folder),
      processor_(processor_options(folder, options.input, model_->options.vision.image_size)),
      prompt_(make_caption_prompt(tokenizer_, options.prompt, model_->options.text.bos_token_id)),
      generation_(options.generation),
      dtype_(options.dtype),
      device_(options.device) {
  check_generation_options(generation_);
  check_vocabulary(prompt_, model_->options.text, folder);
  for (const auto& [token, id] : tokenizer_.vocabulary().ids) known_tokens_.insert(id);
  nn::prepare_for_inference(*model_, nn::InferenceOptions{.dtype = dtype_, .device = device_});
}

std::vector<Caption> BlipCaptioner::caption(std::span<const at::Tensor> pictures) {
  std::vector<Caption> captions;
  for (size_t first = 0; first < pictures.size(); first += kPicturesAtOnce) {
    std::vector<at::Tensor> inputs;
    for (const at::Tensor& picture : pictures.subspan(first, std::min(kPicturesAtOnce, pictures.size() - first))) {
      inputs.push_back(processor_.process(picture));
      check_blip_input(inputs.back(), model_->options.vision.image_size);
    }
    for (std::vector<int64_t>& tokens : generate(model_, at::stack(inputs).to(device_, dtype_), prompt_, generation_)) {
      std::string text = to_text(tokens);
      captions.push_back({.tokens = std::move(tokens), .text = std::move(text)});
    }
  }
  return captions;
}

std::string BlipCaptioner::to_text(const std::vector<int64_t>& tokens) const {
  // The published vocabularies end before [DEC] and [ENC]; transformers leaves ids that no token has out, too.
  std::vector<int64_t> known;
  std::ranges::copy_if(tokens, std::back_inserter(known), [&](int64_t id) { return known_tokens_.contains(id); });
  return tokenizer_.decode(known);
}

}  // namespace fmri2img::models
