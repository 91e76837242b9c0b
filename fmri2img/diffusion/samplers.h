#pragma once

#include <memory>

#include "fmri2img/diffusion/sampler.h"

// The samplers, one a file; `make_sampler` chooses. Time steps and numbers are those of diffusers 0.42.1.
namespace fmri2img::diffusion {

/// Linear multistep (PLMS) from the second evaluation on.
/// Source: Liu et al., https://arxiv.org/abs/2202.09778; PNDMScheduler with skip_prk_steps. The second time step of a
/// whole run comes twice (51 for 50 steps), and the second evaluation corrects the first step, as in the reference
/// also where `strength` leaves that repetition out.
std::unique_ptr<Sampler> make_pndm(const SchedulerConfig& config, const RunLength& length);

/// Source: Song et al., https://arxiv.org/abs/2010.02502, with eta 0; DDIMScheduler.
std::unique_ptr<Sampler> make_ddim(const SchedulerConfig& config, const RunLength& length);

/// DPM-Solver++ 2M, midpoint; the first and the last step are of first order.
/// Source: Lu et al., https://arxiv.org/abs/2211.01095, algorithm 2; DPMSolverMultistepScheduler.
std::unique_ptr<Sampler> make_dpm_solver(const SchedulerConfig& config, const RunLength& length);

/// Source: Karras et al., https://arxiv.org/abs/2206.00364, algorithm 2 without churn; EulerDiscreteScheduler.
std::unique_ptr<Sampler> make_euler(const SchedulerConfig& config, const RunLength& length);

/// Euler to a level below the next one, and noise up to it. Source: k-diffusion; EulerAncestralDiscreteScheduler.
std::unique_ptr<Sampler> make_euler_ancestral(const SchedulerConfig& config, const RunLength& length);

/// Predictor of second order and corrector, B(h) = e^h - 1 ("bh2").
/// Source: Zhao et al., https://arxiv.org/abs/2302.04867; UniPCMultistepScheduler.
std::unique_ptr<Sampler> make_unipc(const SchedulerConfig& config, const RunLength& length);

/// For networks distilled to a few steps. Source: Luo et al., https://arxiv.org/abs/2310.04378; LCMScheduler.
std::unique_ptr<Sampler> make_lcm(const SchedulerConfig& config, const RunLength& length);

}  // namespace fmri2img::diffusion
