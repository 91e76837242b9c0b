#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>

#include "fmri2img/models/clip/clip_model.h"
#include "fmri2img/models/image_embedder.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/models/model_source.h"

namespace fmri2img::models {

/// A CLIP as it came from a folder or file, in float32: to train on, or to make an embedder of.
struct LoadedClip {
  ClipModel model;
  ImageProcessorOptions processor;
};

/// A CLIP as its files have it.
struct ClipSource : ModelSource<ClipOptions> {
  ImageProcessorOptions processor;
};

/// As `load_clip`, weights not yet compared with the model.
ClipSource read_clip_source(const std::filesystem::path& folder_or_file);

/// Throws Error unless the processor makes pictures of `side` x `side` pixels, the model's.
void check_clip_processor(const ImageProcessorOptions& processor, int64_t side);

/// Reads a Hugging Face folder (CLIPModel or CLIPVisionModelWithProjection, with its image processor), a folder with
/// such a folder `clip` in it, or one of OpenAI's own files: the TorchScript archive ViT-L-14.pt, or a state dict with
/// the same names, whose pictures are prepared by CLIP's default processor.
/// Throws Error saying what is missing or does not fit.
LoadedClip load_clip(const std::filesystem::path& folder_or_file);

/// CLIP's picture embeddings and, of a model with a text tower, text embeddings.
class ClipEmbedder : public ImageEmbedder {
 public:
  /// `dtype`: at::kFloat, or at::kBFloat16 for weights and products in bfloat16. Throws Error if the processor's
  /// pictures are not of the model's size.
  ClipEmbedder(LoadedClip clip, at::ScalarType dtype, at::Device device);

  at::Tensor embed(std::span<const at::Tensor> pictures) override;

  /// Shape: token ids [N, T] int64 -> [N, D] float32, not normalised.
  /// Throws Error for a model without a text tower, and for ids that it does not know.
  at::Tensor embed_text(const at::Tensor& ids);

  /// Probability of each text for each picture, as zero-shot classification wants it.
  ///
  /// Shape: embeddings [N, D] and [M, D] -> [N, M] float32, rows sum to 1. Throws Error as `embed_text`.
  at::Tensor classify(const at::Tensor& picture_embeddings, const at::Tensor& text_embeddings) const;

  const ClipModel& model() const { return model_; }

 private:
  void require_text() const;

  ClipModel model_;
  ImageProcessor processor_;
  at::ScalarType dtype_;
  at::Device device_;
};

}  // namespace fmri2img::models
