#include "fmri2img/diffusion/scheduler_config.h"

#include "fmri2img/diffusion/scheduler_keys.h"

namespace fmri2img::diffusion {
namespace {

constexpr int64_t kMostTrainTimesteps = 1'000'000;

NoiseScheduleOptions read_noise(JsonFields& fields, Scheduler scheduler) {
  NoiseScheduleOptions noise;
  if (scheduler == Scheduler::kLcm) {
    noise.beta_start = 0.00085;
    noise.beta_end = 0.012;
    noise.beta_schedule = BetaSchedule::kScaledLinear;
  }
  noise.num_train_timesteps = fields.optional<int64_t>("num_train_timesteps", noise.num_train_timesteps);
  noise.beta_start = fields.optional<double>("beta_start", noise.beta_start);
  noise.beta_end = fields.optional<double>("beta_end", noise.beta_end);
  noise.beta_schedule = read_word<BetaSchedule>(fields,
                                                "beta_schedule",
                                                noise.beta_schedule,
                                                {{"linear", BetaSchedule::kLinear},
                                                 {"scaled_linear", BetaSchedule::kScaledLinear},
                                                 {"squaredcos_cap_v2", BetaSchedule::kSquaredCosine}});
  noise.trained_betas = fields.optional<std::vector<double>>("trained_betas", {});
  noise.rescale_betas_zero_snr = fields.optional<bool>("rescale_betas_zero_snr", false);
  return noise;
}

void check_noise(const NoiseScheduleOptions& noise, const std::string& where) {
  const int64_t count = noise.num_train_timesteps;
  FMRI2IMG_CHECK(count >= 2 && count <= kMostTrainTimesteps,
                 "{}: \"num_train_timesteps\" is {}, must lie in 2 .. {}",
                 where,
                 count,
                 kMostTrainTimesteps);
  FMRI2IMG_CHECK(noise.beta_start > 0 && noise.beta_start <= noise.beta_end && noise.beta_end < 1,
                 "{}: \"beta_start\" is {} and \"beta_end\" is {}, expected 0 < beta_start <= beta_end < 1",
                 where,
                 noise.beta_start,
                 noise.beta_end);
  const std::vector<double>& betas = noise.trained_betas;
  FMRI2IMG_CHECK(betas.empty() || static_cast<int64_t>(betas.size()) == count,
                 "{}: \"trained_betas\" has {} entries, expected {} (\"num_train_timesteps\")",
                 where,
                 betas.size(),
                 count);
  for (const double beta : betas) {
    FMRI2IMG_CHECK(beta > 0 && beta < 1, "{}: \"trained_betas\" holds {}, must lie between 0 and 1", where, beta);
  }
}

}  // namespace

SchedulerConfig parse_scheduler_config(const Json& json,
                                       const std::string& where,
                                       const std::optional<SchedulerChoice>& choice) {
  JsonFields fields(json, where);
  const auto class_name = fields.optional<std::string>("_class_name", "");
  SchedulerConfig config;
  config.scheduler = choice ? choice->scheduler : scheduler_of_class(class_name, where);
  config.noise = read_noise(fields, config.scheduler);
  check_noise(config.noise, where);
  config.prediction =
      read_word<Prediction>(fields,
                            "prediction_type",
                            Prediction::kEpsilon,
                            {{"epsilon", Prediction::kEpsilon}, {"v_prediction", Prediction::kVelocity}});
  read_keys_of_class(fields, config);
  if (choice) config.use_karras_sigmas = choice->use_karras_sigmas;
  fields.ignore(inert_keys());
  fields.finish();
  return config;
}

}  // namespace fmri2img::diffusion
