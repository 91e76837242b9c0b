#include "fmri2img/evaluation/caption_space.h"

#include <torch/torch.h>

namespace fmri2img::evaluation {

CaptionSpace::CaptionSpace(models::ClipModel clip, const std::filesystem::path& tokenizer_folder)
    : clip_(std::move(clip)), tokenizer_(tokenizer_folder) {}

double CaptionSpace::cosine(const std::string& one, const std::string& other) {
  const at::Tensor first = embed(one);
  return first.dot(embed(other)).item<double>();
}

const at::Tensor& CaptionSpace::embed(const std::string& text) {
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  const at::NoGradGuard no_grad;
  const int64_t length = clip_->options().text->max_position_embeddings;
  const at::Tensor ids = torch::tensor(tokenizer_.encode(text, length).ids, at::kLong).unsqueeze(0);
  const at::Tensor vector = clip_->embed_texts(ids).squeeze(0).to(at::kDouble);
  return known_.emplace(text, vector / vector.norm()).first->second;
}

}  // namespace fmri2img::evaluation
