#include "fmri2img/diffusion/noise.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/randn.h>

#include <vector>

#include "fmri2img/core/check.h"

namespace fmri2img::diffusion {

at::Tensor draw_noise(const at::Tensor& like, Generators generators) {
  std::vector<int64_t> shape = like.sizes().vec();
  if (generators.size() == 1) return at::randn(shape, generators[0], at::kFloat).to(like.device());
  FMRI2IMG_ASSERT(static_cast<int64_t>(generators.size()) == shape.at(0));
  shape[0] = 1;
  std::vector<at::Tensor> draws;
  for (const at::Generator& generator : generators) draws.push_back(at::randn(shape, generator, at::kFloat));
  return at::cat(draws).to(like.device());
}

}  // namespace fmri2img::diffusion
