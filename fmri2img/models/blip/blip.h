#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <filesystem>

#include "fmri2img/models/blip/options.h"
#include "fmri2img/models/blip/text_decoder.h"
#include "fmri2img/models/blip/vision_model.h"
#include "fmri2img/models/model_source.h"

namespace fmri2img::models {

/// The captioning model: a vision tower, and a decoder that writes a text about what it sees.
///
/// Names as in transformers: `vision_model`, `text_decoder`.
/// Source: transformers 5.24, BlipForConditionalGeneration. Dropout is not supported (the published models have none).
class BlipImpl : public torch::nn::Module {
 public:
  explicit BlipImpl(const BlipOptions& options);

  /// For training from nothing: matrices normal with deviation .02, biases 0, norms 1. These are the distributions of
  /// the original, but for the positions and the class token of the vision tower, which it draws without the tails;
  /// the order of drawing is that of the names.
  void reset_parameters(at::Generator generator);

  /// Scores of the word after each. Differentiable.
  /// Shape: pictures [B, 3, H, H], normalised, and ids int64 [B, T] -> [B, T, vocab_size].
  at::Tensor forward(const at::Tensor& pictures, const at::Tensor& ids);

  BlipOptions options;
  BlipVisionModel vision_model{nullptr};
  BlipTextDecoder text_decoder{nullptr};
};
TORCH_MODULE(Blip);

/// Mean cross-entropy of each token of `labels` but the first, given those before it; tokens of -100 do not count. The
/// wanted distribution is mixed with the uniform one: `label_smoothing` of it.
/// Shape: logits [B, T, V], labels int64 [B, T] -> scalar.
at::Tensor caption_loss(const at::Tensor& logits, const at::Tensor& labels, double label_smoothing);

/// The files of `load_blip`'s folder, the tensors of the head already as the model has them.
ModelSource<BlipOptions> read_blip_source(const std::filesystem::path& folder);

/// The model of a folder of transformers: config.json and weights in safetensors or bin, one file or shards.
///
/// Strict, but for `position_ids`, and for the tied tensors of the head, with which it goes as in transformers: where
/// only one of `cls.predictions.decoder.weight` and the embeddings is there it serves as both; where both are there and
/// differ the head keeps its own; `cls.predictions.decoder.bias` counts before `cls.predictions.bias`.
/// Throws Error naming what is missing or does not fit.
Blip load_blip(const std::filesystem::path& folder);

}  // namespace fmri2img::models
