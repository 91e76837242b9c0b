#include "fmri2img/statistics/squared_error.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"

namespace fmri2img::statistics {

at::Tensor mean_squared_error_rows(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.dim() == 2 && a.sizes() == b.sizes() && a.size(1) > 0);
  return (a.to(at::kDouble) - b.to(at::kDouble)).square().mean(1);
}

}  // namespace fmri2img::statistics
