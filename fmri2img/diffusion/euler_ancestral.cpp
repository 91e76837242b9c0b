#include <ATen/TensorOperators.h>

#include "fmri2img/diffusion/euler_sampler.h"

namespace fmri2img::diffusion {
namespace {

class EulerAncestral final : public EulerSampler {
 public:
  using EulerSampler::EulerSampler;

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators generators) override {
    const at::Tensor from = sigma(index), to = sigma(index + 1);
    const at::Tensor added = (to.square() * (from.square() - to.square()) / from.square()).sqrt();
    const at::Tensor below = (to.square() - added.square()).sqrt();
    return moved(sample, model_output, from, below) + draw_noise(model_output, generators) * added;
  }
};

}  // namespace

std::unique_ptr<Sampler> make_euler_ancestral(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<EulerAncestral>(config.prediction, interpolated_sigmas(config, length, Grid::kFractional));
}

}  // namespace fmri2img::diffusion
