#include "fmri2img/diffusion/euler_sampler.h"

namespace fmri2img::diffusion {
namespace {

class Euler final : public EulerSampler {
 public:
  using EulerSampler::EulerSampler;

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    return moved(sample, model_output, sigma(index), sigma(index + 1));
  }
};

}  // namespace

std::unique_ptr<Sampler> make_euler(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<Euler>(config.prediction, interpolated_sigmas(config, length, Grid::kFractional));
}

}  // namespace fmri2img::diffusion
