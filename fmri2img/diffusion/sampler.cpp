#include "fmri2img/diffusion/sampler.h"

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/samplers.h"

namespace fmri2img::diffusion {

at::Tensor Sampler::scale_model_input(const at::Tensor& sample, size_t /*index*/) const {
  return sample;
}

std::unique_ptr<Sampler> make_sampler(const SchedulerConfig& config, const RunLength& length) {
  check_run_length(length, config.noise.num_train_timesteps);
  switch (config.scheduler) {
    case Scheduler::kPndm:
      return make_pndm(config, length);
    case Scheduler::kDdim:
      return make_ddim(config, length);
    case Scheduler::kDpmSolver:
      return make_dpm_solver(config, length);
    case Scheduler::kEuler:
      return make_euler(config, length);
    case Scheduler::kEulerAncestral:
      return make_euler_ancestral(config, length);
    case Scheduler::kUniPc:
      return make_unipc(config, length);
    case Scheduler::kLcm:
      return make_lcm(config, length);
  }
  FMRI2IMG_ASSERT(false);
}

}  // namespace fmri2img::diffusion
