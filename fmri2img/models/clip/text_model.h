#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <filesystem>

#include "fmri2img/models/clip/encoder.h"
#include "fmri2img/models/clip/options.h"
#include "fmri2img/models/model_source.h"
#include "fmri2img/nn/embedding.h"

namespace fmri2img::models {

class ClipTextEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit ClipTextEmbeddingsImpl(const ClipTextOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: ids [B, T] int64 -> [B, T, D].
  at::Tensor forward(const at::Tensor& ids);

  nn::Embedding token_embedding, position_embedding;
};
TORCH_MODULE(ClipTextEmbeddings);

/// CLIP's text tower, without a projection.
class ClipTextTransformerImpl : public torch::nn::Module {
 public:
  explicit ClipTextTransformerImpl(const ClipTextOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// The state at every token, normalised; the last `skipped` layers are left out, which diffusers' pipelines call
  /// `clip_skip` (0: none).
  ///
  /// Shape: ids [B, T] int64, T up to max_position_embeddings -> [B, T, D].
  /// Throws Error if an id or T is out of range; REQUIRES: 0 <= skipped <= num_hidden_layers.
  at::Tensor forward(const at::Tensor& ids, int64_t skipped = 0);

  /// The state at each text's end token (see ClipTextOptions::eos_token_id).
  ///
  /// Shape: states [B, T, D] of ids [B, T] -> [B, D].
  /// Throws Error if a text has no end token. Differs: transformers takes the first token then.
  at::Tensor pool(const at::Tensor& states, const at::Tensor& ids) const;

  const ClipTextOptions& options() const { return options_; }

  ClipTextEmbeddings embeddings;
  ClipEncoder encoder;
  nn::LayerNorm final_layer_norm;

 private:
  ClipTextOptions options_;
};
TORCH_MODULE(ClipTextTransformer);

/// What a Stable Diffusion folder has in `text_encoder/`: the text tower under `text_model`, as these files have it.
class ClipTextModelImpl : public torch::nn::Module {
 public:
  explicit ClipTextModelImpl(const ClipTextOptions& options);
  void reset_parameters(const at::Generator& generator) { text_model->reset_parameters(generator); }

  /// As ClipTextTransformer's.
  at::Tensor forward(const at::Tensor& ids, int64_t skipped = 0) { return text_model->forward(ids, skipped); }

  ClipTextTransformer text_model;
};
TORCH_MODULE(ClipTextModel);

/// The `config.json` and the weights of `open_text_encoder`'s folder. Throws Error saying what is missing.
ModelSource<ClipTextOptions> read_text_encoder_source(const std::filesystem::path& folder);

/// The text encoder in `folder` (a `text_encoder/`, or the Stable Diffusion folder around it), ready for inference;
/// what it gives is of `dtype`. Files without `text_model.` before their names, as transformers 5 writes them, are read
/// too. Throws Error saying what is missing or does not fit.
ClipTextModel open_text_encoder(const std::filesystem::path& folder,
                                at::ScalarType dtype = at::kFloat,
                                at::Device device = at::kCPU);

}  // namespace fmri2img::models
