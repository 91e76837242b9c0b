#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::decoding {

/// Turns responses into the latents of a codec: one decoder for one subject and one choice of its vertices.
class LatentDecoder {
 public:
  virtual ~LatentDecoder() = default;

  /// Shape:
  ///   responses: [B, K] float32, the columns of the decoder's VertexSelection as `Responses::gather` gives them;
  ///   whatever
  ///              normalisation the decoder was trained with is its own business
  ///   return:    [B, C, h, w] float32, latents at the scale that the codec's `decode` takes
  /// Each row's result does not depend on the other rows. No randomness.
  /// REQUIRES: K equals the number of selected vertices (Error otherwise).
  virtual at::Tensor predict(const at::Tensor& responses) = 0;
};

}  // namespace fmri2img::decoding
