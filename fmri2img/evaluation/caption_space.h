#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/text/byte_pair_tokenizer.h"

namespace fmri2img::evaluation {

/// Texts as CLIP's unit vectors; each is looked at once.
class CaptionSpace {
 public:
  /// REQUIRES: the model has a text tower and is ready for inference.
  CaptionSpace(models::ClipModel clip, const std::filesystem::path& tokenizer_folder);

  double cosine(const std::string& one, const std::string& other);

 private:
  const at::Tensor& embed(const std::string& text);

  models::ClipModel clip_;
  text::BytePairTokenizer tokenizer_;
  std::map<std::string, at::Tensor> known_;  // [D] double, of length 1
};

}  // namespace fmri2img::evaluation
