#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::decoding {

/// How well each vertex is predicted from the pictures: leave-one-out R2 of an encoding ridge from the leading
/// principal components of the targets to the vertex. Positive where the vertex knows something about the pictures;
/// what a decoder gains from a vertex comes with it.
///
/// Leave-one-out residuals are exact and need no refitting: (z - H z)_i / (1 - H_ii) with the hat matrix H, mean
/// included. The penalty is that of the best mean score over the vertices that it predicts at all.
///
/// Shape:
///   responses: [n, V] float32, raw
///   scores:    [n, c] float32, the targets' components, centred; the leading min(c, n / 4, 50) are used
///   return:    [V] float32, at most 1; constant vertices have the lowest score of all
at::Tensor encoding_scores(const at::Tensor& responses, const at::Tensor& scores);

}  // namespace fmri2img::decoding
