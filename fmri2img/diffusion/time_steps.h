#pragma once

#include <cstdint>
#include <vector>

#include "fmri2img/diffusion/scheduler_config.h"

namespace fmri2img::diffusion {

/// What the user asks of a run of image-to-image.
struct RunLength {
  int64_t steps = 50;     ///< of a whole run; 1 .. num_train_timesteps
  double strength = 1.0;  ///< the share of the steps that is done, so also the noise that is added; in (0, 1]
};

/// Throws Error (wrong usage) naming --steps or --strength and its range.
void check_run_length(const RunLength& length, int64_t num_train_timesteps);

/// How the classes read a spacing.
enum class Grid {
  kWhole,       ///< PNDM, DDIM: rounded
  kFractional,  ///< Euler: `kLinspace` keeps its fractions, in single precision
  kOpenEnd,     ///< DPM-Solver++, UniPC: `kLinspace` and `kLeading` make one point more and leave the lowest out
};

/// The time steps of a whole run, falling.
///
/// Source: set_timesteps of diffusers' schedulers, and NumPy's linspace, arange and round (half to even).
/// Differs: always `steps` of them. For some `steps` (61 and 103 of 1000) rounding in NumPy's arange gives the
/// reference one more with `kTrailing`, the time step -1. Throws Error (wrong usage) if `steps_offset` moves one beyond
/// the last training time step.
std::vector<double> whole_run(const SchedulerConfig& config, int64_t steps, Grid grid);

/// The entries that `strength` leaves out at the start: steps - floor(steps x strength).
/// Source: get_timesteps, pipeline_stable_diffusion_img2img.py.
int64_t skipped_steps(const RunLength& length);

/// `time_steps` without those that `strength` leaves out. Throws Error (wrong usage) if none is left.
std::vector<double> last_part(std::vector<double> time_steps, const RunLength& length);

}  // namespace fmri2img::diffusion
