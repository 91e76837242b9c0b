#include "fmri2img/diffusion/scheduler_keys.h"

namespace fmri2img::diffusion {
namespace {

void only_false(JsonFields& fields, std::initializer_list<const char*> keys) {
  for (const char* key : keys) fields.only(key, false);
}

void only_null(JsonFields& fields, std::initializer_list<const char*> keys) {
  for (const char* key : keys) fields.only(key, nullptr);
}

/// Words that mean the same here.
void only_words(JsonFields& fields, const std::string& key, std::initializer_list<std::string_view> words) {
  if (!fields.contains(key)) return;
  const auto found = fields.require<std::string>(key);
  FMRI2IMG_CHECK(std::find(words.begin(), words.end(), found) != words.end(),
                 "{}: \"{}\" is \"{}\", supported are {}",
                 fields.where(),
                 key,
                 found,
                 fmt::join(words, ", "));
}

void read_spacing(JsonFields& fields, SchedulerConfig& config, Spacing fallback) {
  config.timestep_spacing = read_word<Spacing>(
      fields,
      "timestep_spacing",
      fallback,
      {{"linspace", Spacing::kLinspace}, {"leading", Spacing::kLeading}, {"trailing", Spacing::kTrailing}});
  config.steps_offset = fields.optional<int64_t>("steps_offset", 0);
  FMRI2IMG_CHECK(config.steps_offset >= 0 && config.steps_offset < config.noise.num_train_timesteps,
                 "{}: \"steps_offset\" is {}, must lie in 0 .. {}",
                 fields.where(),
                 config.steps_offset,
                 config.noise.num_train_timesteps - 1);
}

void read_clipping(JsonFields& fields, SchedulerConfig& config, bool clip_by_default) {
  only_false(fields, {"thresholding"});
  const auto range = fields.optional<double>("clip_sample_range", 1.0);
  FMRI2IMG_CHECK(range > 0, "{}: \"clip_sample_range\" is {}, must be positive", fields.where(), range);
  if (fields.optional<bool>("clip_sample", clip_by_default)) config.clip_range = range;
}

/// The samplers that divide by the share of the picture: where nothing is left of it, noise says nothing about it.
void check_zero_snr(const SchedulerConfig& config, const std::string& where) {
  FMRI2IMG_CHECK(!config.noise.rescale_betas_zero_snr || config.prediction != Prediction::kEpsilon,
                 "{}: \"rescale_betas_zero_snr\" is true, which this scheduler supports with \"prediction_type\" "
                 "\"v_prediction\" only, found \"epsilon\"",
                 where);
}

void read_pndm(JsonFields& fields, SchedulerConfig& config) {
  FMRI2IMG_CHECK(fields.optional<bool>("skip_prk_steps", false),
                 "{}: \"skip_prk_steps\" is not true: PNDM with Runge-Kutta steps is not supported, set it to true or "
                 "choose another scheduler with --scheduler",
                 fields.where());
  only_false(fields, {"rescale_betas_zero_snr"});
  read_spacing(fields, config, Spacing::kLeading);
  config.set_alpha_to_one = fields.optional<bool>("set_alpha_to_one", false);
}

void read_ddim(JsonFields& fields, SchedulerConfig& config) {
  read_spacing(fields, config, Spacing::kLeading);
  read_clipping(fields, config, /*clip_by_default=*/true);
  config.set_alpha_to_one = fields.optional<bool>("set_alpha_to_one", true);
  check_zero_snr(config, fields.where());
}

void check_multistep_keys(JsonFields& fields) {
  fields.only("solver_order", 2);
  fields.only("final_sigmas_type", "zero");
  only_false(fields, {"thresholding", "use_exponential_sigmas", "use_beta_sigmas"});
  only_false(fields, {"use_flow_sigmas", "use_dynamic_shifting"});
  only_null(fields, {"sigma_min", "sigma_max"});
}

void read_dpm_solver(JsonFields& fields, SchedulerConfig& config) {
  check_multistep_keys(fields);
  only_false(fields, {"use_lu_lambdas"});
  only_null(fields, {"lambda_min_clipped", "variance_type"});
  only_words(fields, "algorithm_type", {"dpmsolver++", "deis"});
  only_words(fields, "solver_type", {"midpoint", "logrho", "bh1", "bh2"});
  read_spacing(fields, config, Spacing::kLinspace);
  config.use_karras_sigmas = fields.optional<bool>("use_karras_sigmas", false);
}

void read_euler(JsonFields& fields, SchedulerConfig& config) {
  fields.only("interpolation_type", "linear");
  fields.only("timestep_type", "discrete");
  fields.only("final_sigmas_type", "zero");
  only_false(fields, {"use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"});
  only_null(fields, {"sigma_min", "sigma_max"});
  read_spacing(fields, config, Spacing::kLinspace);
}

void read_unipc(JsonFields& fields, SchedulerConfig& config) {
  check_multistep_keys(fields);
  only_false(fields, {"use_karras_sigmas"});
  only_null(fields, {"solver_p", "shift_terminal"});
  fields.only("predict_x0", true);
  fields.only("lower_order_final", true);
  fields.only("disable_corrector", Json::array());
  only_words(fields, "solver_type", {"bh2", "midpoint", "heun", "logrho"});
  read_spacing(fields, config, Spacing::kLinspace);
}

void read_lcm(JsonFields& fields, SchedulerConfig& config) {
  read_clipping(fields, config, /*clip_by_default=*/false);
  const int64_t num_train = config.noise.num_train_timesteps;
  const auto distilled = fields.optional<int64_t>("original_inference_steps", 50);
  FMRI2IMG_CHECK(distilled >= 1 && distilled <= num_train,
                 "{}: \"original_inference_steps\" is {}, must lie in 1 .. {} (\"num_train_timesteps\")",
                 fields.where(),
                 distilled,
                 num_train);
  config.original_inference_steps = distilled;
  config.timestep_scaling = fields.optional<double>("timestep_scaling", 10);
  check_zero_snr(config, fields.where());
}

}  // namespace

const std::vector<std::string>& inert_keys() {
  // The last step of DPM-Solver++ is of first order whatever lower_order_final and euler_at_final say, because no noise
  // is left after it (final_sigmas_type).
  static const std::vector<std::string> keys = {"_diffusers_version",
                                                "algorithm_type",
                                                "clip_sample",
                                                "clip_sample_range",
                                                "disable_corrector",
                                                "dynamic_thresholding_ratio",
                                                "euler_at_final",
                                                "final_sigmas_type",
                                                "flow_shift",
                                                "interpolation_type",
                                                "lambda_min_clipped",
                                                "lower_order_final",
                                                "original_inference_steps",
                                                "predict_x0",
                                                "rescale_betas_zero_snr",
                                                "sample_max_value",
                                                "set_alpha_to_one",
                                                "shift_terminal",
                                                "sigma_max",
                                                "sigma_min",
                                                "skip_prk_steps",
                                                "solver_order",
                                                "solver_p",
                                                "solver_type",
                                                "steps_offset",
                                                "thresholding",
                                                "time_shift_type",
                                                "timestep_scaling",
                                                "timestep_spacing",
                                                "timestep_type",
                                                "use_beta_sigmas",
                                                "use_dynamic_shifting",
                                                "use_exponential_sigmas",
                                                "use_flow_sigmas",
                                                "use_karras_sigmas",
                                                "use_lu_lambdas",
                                                "variance_type"};
  return keys;
}

void read_keys_of_class(JsonFields& fields, SchedulerConfig& config) {
  switch (config.scheduler) {
    case Scheduler::kPndm:
      return read_pndm(fields, config);
    case Scheduler::kDdim:
      return read_ddim(fields, config);
    case Scheduler::kDpmSolver:
      return read_dpm_solver(fields, config);
    case Scheduler::kEuler:
      return read_euler(fields, config);
    case Scheduler::kEulerAncestral:
      return read_spacing(fields, config, Spacing::kLinspace);
    case Scheduler::kUniPc:
      return read_unipc(fields, config);
    case Scheduler::kLcm:
      return read_lcm(fields, config);
  }
}

}  // namespace fmri2img::diffusion
