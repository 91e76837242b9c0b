#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "fmri2img/diffusion/noise.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/diffusion/time_steps.h"

namespace fmri2img::diffusion {

/// Turns noise into latents, a step at a time, by what a network sees in them. One sampler is one run length:
///
///   const auto sampler = make_sampler(config, {.steps = 50, .strength = 0.75});
///   at::Tensor sample = sampler->add_noise(latents, draw_noise(latents, generators));
///   for (size_t i = 0; i < sampler->time_steps().size(); ++i) {
///     const at::Tensor output = network(sampler->scale_model_input(sample, i), sampler->time_steps()[i]);
///     sample = sampler->step(output, i, sample, generators);
///   }
///
/// Shape: latents, noise, samples and outputs are all [N, C, H, W] float32, on one device.
/// Randomness: the generators serve a run from start to end, in diffusers' order: a sample of the posterior where the
/// latents are one, the noise of `add_noise`, then the steps.
/// State: what earlier steps left for later ones, and step 0 forgets it. One thread uses a sampler.
/// Differs from diffusers: a sample stays float32 where its network is float16 or bfloat16.
class Sampler {
 public:
  virtual ~Sampler() = default;

  /// What the network is told at each of its evaluations, falling. Whole numbers, but for Euler's.
  const std::vector<double>& time_steps() const { return time_steps_; }

  /// Where image-to-image starts: latents with the noise of the first time step.
  virtual at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const = 0;

  /// What the network is shown at step `index`.
  virtual at::Tensor scale_model_input(const at::Tensor& sample, size_t index) const;

  /// The sample after step `index`.
  /// REQUIRES: the indices of time_steps(), each in its turn; `model_output` and `sample` are kept for later steps, so
  /// nobody changes them in place.
  /// Randomness: Euler ancestral draws noise at every step, LCM at every step but the last, the others never.
  virtual at::Tensor step(const at::Tensor& model_output,
                          size_t index,
                          const at::Tensor& sample,
                          Generators generators) = 0;

 protected:
  explicit Sampler(std::vector<double> time_steps) : time_steps_(std::move(time_steps)) {}

 private:
  std::vector<double> time_steps_;
};

/// The sampler that `config` names. Throws Error (wrong usage) if its scheduler cannot make a run of this length.
std::unique_ptr<Sampler> make_sampler(const SchedulerConfig& config, const RunLength& length);

}  // namespace fmri2img::diffusion
