#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fmri2img::reconstruction {

/// Predicts responses from image embeddings: a ridge with one penalty a vertex (generalised cross-validation) on
/// z-scored components of unit vectors.
///
/// Noise: vertices whose leave-one-out R2 (from the leading principal components of the embeddings, see
/// `decoding::encoding_scores`) is not positive know nothing about pictures that this model could use and are left out;
/// where none is positive all stay, with a warning. Predicted and measured responses are compared in units of each
/// vertex' standard deviation over the training rows, so that no vertex counts for its scale.
class EncodingModel {
 public:
  /// Shape: embeddings [n, D] float32; responses [n, V] float32, raw, the `columns` of the subject's responses.
  /// Throws Error for responses that are not finite.
  static EncodingModel fit(const at::Tensor& embeddings,
                           const at::Tensor& responses,
                           const std::vector<int64_t>& columns);

  /// `model.safetensors` in `folder`, atomically; `read` gives equal predictions.
  void write(const std::filesystem::path& folder) const;
  static EncodingModel read(const std::filesystem::path& folder);

  /// Ascending columns of the subject's responses that are predicted.
  const std::vector<int64_t>& columns() const { return columns_; }

  /// Responses of `columns()` to embedded pictures, in units of each vertex' standard deviation over the training rows.
  /// Shape: embeddings [C, D] -> [C, columns().size()] float32.
  at::Tensor predict(const at::Tensor& embeddings) const;

  /// Pearson correlation, over vertices, of each predicted response with the measured one; NaN where a prediction is
  /// constant. Shape: embeddings [C, D]; response [columns().size()] raw.
  std::vector<double> correlations(const at::Tensor& embeddings, const at::Tensor& response) const;

 private:
  std::vector<int64_t> columns_;
  at::Tensor input_mean_;     // [D]
  at::Tensor input_scale_;    // [D], 1 / standard deviation
  at::Tensor weights_;        // [D, v], to z-scored responses
  at::Tensor response_mean_;  // [v]
  at::Tensor response_scale_;
};

}  // namespace fmri2img::reconstruction
