#include "fmri2img/training/zoo/lessons/caption_ids.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace fmri2img::training {
namespace {

constexpr int64_t kCaptionsToLearn = 50'000;

}  // namespace

std::vector<std::string> captions_to_learn(const CaptionedPictures& pictures) {
  std::vector<std::string> captions;
  for (int64_t row = 0; row < std::min(pictures.size(), kCaptionsToLearn); ++row) {
    captions.push_back(pictures.caption(row));
  }
  return captions;
}

at::Tensor clip_ids(const text::BytePairTokenizer& tokenizer, std::span<const std::string> captions) {
  at::Tensor ids = at::empty({static_cast<int64_t>(captions.size()), tokenizer.max_length()}, at::kLong);
  for (size_t i = 0; i < captions.size(); ++i) {
    ids[static_cast<int64_t>(i)].copy_(at::tensor(tokenizer.encode(captions[i]).ids, at::kLong));
  }
  return ids;
}

at::Tensor blip_ids(const text::WordPieceTokenizer& tokenizer,
                    std::span<const std::string> captions,
                    const models::BlipTextOptions& words) {
  std::vector<std::vector<int64_t>> texts;
  size_t longest = 0;
  for (const std::string& caption : captions) {
    std::vector<int64_t> tokens = tokenizer.tokenize(caption);
    tokens.front() = words.bos_token_id;
    tokens.back() = words.sep_token_id;
    tokens.resize(std::min(tokens.size(), static_cast<size_t>(words.max_position_embeddings)));
    longest = std::max(longest, tokens.size());
    texts.push_back(std::move(tokens));
  }
  std::vector<int64_t> ids;
  for (std::vector<int64_t>& tokens : texts) {
    tokens.resize(longest, words.pad_token_id);
    ids.insert(ids.end(), tokens.begin(), tokens.end());
  }
  return at::tensor(ids, at::kLong).view({static_cast<int64_t>(texts.size()), static_cast<int64_t>(longest)});
}

at::Tensor without_padding(const at::Tensor& ids, int64_t end_token) {
  const int64_t longest = (ids != end_token).sum(1).max().item<int64_t>();
  return ids.narrow(1, 0, std::min(longest + 1, ids.size(1)));
}

}  // namespace fmri2img::training
