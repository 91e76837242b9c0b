#include "fmri2img/decoding/ridge/target_components.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/decoding/ridge/ridge_solver.h"

namespace fmri2img::decoding {

TargetComponents TargetComponents::fit(const at::Tensor& targets, int64_t count) {
  TargetComponents result;
  result.mean = targets.mean(0);
  if (count == 0) {
    return result;
  }
  const at::Tensor centred = targets - result.mean;
  const bool by_rows = centred.size(0) <= centred.size(1);
  auto [values, vectors] = at::linalg_eigh(by_rows ? row_gram(centred) : at::mm(centred.t(), centred));
  // Directions whose variance is rounding are none.
  const double smallest = values.max().item<double>() * 1e-6;
  const int64_t rank = std::max<int64_t>(1, (values > smallest).sum().item<int64_t>());
  const int64_t kept = std::min(count, rank);
  vectors = vectors.narrow(1, vectors.size(1) - kept, kept).flip({1});
  at::Tensor basis = vectors.t();
  if (by_rows) {
    basis = at::mm(basis, centred);
    basis.div_(basis.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-30));
  }
  result.basis = basis.contiguous();
  return result;
}

at::Tensor TargetComponents::scores(const at::Tensor& targets) const {
  const at::Tensor centred = targets - mean;
  return basis.defined() ? at::mm(centred, basis.t()) : centred;
}

at::Tensor TargetComponents::targets(const at::Tensor& scores) const {
  return basis.defined() ? at::addmm(mean, scores, basis) : scores + mean;
}

TargetComponents TargetComponents::first(int64_t count) const {
  FMRI2IMG_ASSERT(basis.defined() && count <= basis.size(0));
  return {mean, basis.narrow(0, 0, count).contiguous()};
}

}  // namespace fmri2img::decoding
