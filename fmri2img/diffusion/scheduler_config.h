#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fmri2img/core/json.h"
#include "fmri2img/diffusion/noise_schedule.h"

namespace fmri2img::diffusion {

/// The scheduler classes of diffusers that are known here.
enum class Scheduler { kPndm, kDdim, kDpmSolver, kEuler, kEulerAncestral, kUniPc, kLcm };

/// What the network was trained to predict.
enum class Prediction {
  kEpsilon,   ///< "epsilon": the noise
  kVelocity,  ///< "v_prediction": alpha x noise - sigma x picture. Source: https://arxiv.org/abs/2202.00512
};

/// How the time steps of a run lie among those of the training ("timestep_spacing").
/// Source: https://arxiv.org/abs/2305.08891, table 2.
enum class Spacing { kLinspace, kLeading, kTrailing };

/// A scheduler and its settings. Names as in diffusers' scheduler_config.json.
struct SchedulerConfig {
  Scheduler scheduler = Scheduler::kPndm;
  NoiseScheduleOptions noise;
  Prediction prediction = Prediction::kEpsilon;
  Spacing timestep_spacing = Spacing::kLeading;  ///< not LCM
  int64_t steps_offset = 0;                      ///< added to the time steps of `kLeading`
  bool set_alpha_to_one = false;                 ///< PNDM, DDIM: the last step leaves no noise
  std::optional<double> clip_range;              ///< DDIM, LCM: the predicted picture is held within +- this
  bool use_karras_sigmas = false;                ///< DPM-Solver++
  int64_t original_inference_steps = 50;         ///< LCM: time steps that it was distilled on
  double timestep_scaling = 10;                  ///< LCM
};

/// A choice of the user: the value of --scheduler.
struct SchedulerChoice {
  Scheduler scheduler;
  bool use_karras_sigmas = false;
};

/// "pndm", "ddim", "dpm++2m", "dpm++2m-karras", "euler", "euler-ancestral", "unipc" or "lcm".
/// Throws Error (wrong usage) that lists them for any other name.
SchedulerChoice parse_scheduler_name(std::string_view name);

/// The content of a scheduler_config.json for the class that it names, or for the chosen one.
///
/// A key that is absent takes the default of the class that is used, not of the one that wrote the file: as
/// `Class.from_config` in diffusers. Keys that only other classes have are ignored; a key of the class that would
/// change what is not supported here is an Error at any value but its default, an unknown key is an Error. `where`
/// names the source in messages. Differs: a choice also decides `use_karras_sigmas`.
SchedulerConfig parse_scheduler_config(const Json& json,
                                       const std::string& where,
                                       const std::optional<SchedulerChoice>& choice);

/// The scheduler of a Stable Diffusion folder: scheduler/scheduler_config.json.
///
/// As StableDiffusionImg2ImgPipeline uses it: whatever the file says, `steps_offset` is 1 and nothing is clipped.
SchedulerConfig open_scheduler_config(const std::filesystem::path& model_folder,
                                      const std::optional<SchedulerChoice>& choice);

}  // namespace fmri2img::diffusion
