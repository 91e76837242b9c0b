#include "fmri2img/diffusion/scheduler_config.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

/// `object` for the scheduler of this name.
SchedulerConfig parse(const std::string& object, const std::string& scheduler) {
  return parse_scheduler_config(parse_json(object, "test"), "config.json", parse_scheduler_name(scheduler));
}

TEST(SchedulerConfig, TakesTheClassOfTheFile) {
  const fs::path folder = testing::test_data("diffusion");
  const SchedulerConfig first = open_scheduler_config(folder / "stable-diffusion-v1-5", std::nullopt);
  EXPECT_EQ(first.scheduler, Scheduler::kPndm);
  EXPECT_EQ(first.prediction, Prediction::kEpsilon);
  EXPECT_EQ(first.noise.beta_schedule, BetaSchedule::kScaledLinear);
  EXPECT_EQ(first.noise.beta_end, 0.012);
  EXPECT_FALSE(first.set_alpha_to_one);
  const SchedulerConfig second = open_scheduler_config(folder / "stable-diffusion-2-1", std::nullopt);
  EXPECT_EQ(second.scheduler, Scheduler::kDdim);
  EXPECT_EQ(second.prediction, Prediction::kVelocity);
}

TEST(SchedulerConfig, TakesDefaultsOfTheChosenClass) {
  const std::string file = R"({"_class_name": "PNDMScheduler", "skip_prk_steps": true})";
  EXPECT_EQ(parse(file, "pndm").timestep_spacing, Spacing::kLeading);
  EXPECT_EQ(parse(file, "dpm++2m").timestep_spacing, Spacing::kLinspace);
  EXPECT_EQ(parse(file, "euler").timestep_spacing, Spacing::kLinspace);
  EXPECT_EQ(parse(file, "unipc").timestep_spacing, Spacing::kLinspace);
  EXPECT_EQ(parse(file, "ddim").timestep_spacing, Spacing::kLeading);
  EXPECT_FALSE(parse(file, "pndm").set_alpha_to_one);
  EXPECT_TRUE(parse(file, "ddim").set_alpha_to_one);
  EXPECT_EQ(parse(file, "ddim").clip_range, 1.0);
  EXPECT_EQ(parse(file, "lcm").clip_range, std::nullopt);
  EXPECT_EQ(parse(file, "euler").noise.beta_end, 0.02);
  EXPECT_EQ(parse(file, "lcm").noise.beta_end, 0.012);
}

// Every key of every class: a file that one class wrote serves the others. PNDM needs "skip_prk_steps", which is its
// own.
TEST(SchedulerConfig, ReadsWhatDiffusersSavedForEveryOtherScheduler) {
  const std::vector<std::string> names = {"pndm", "ddim", "dpm++2m", "euler", "euler-ancestral", "unipc", "lcm"};
  for (const std::string& saved : names) {
    const fs::path folder = testing::test_data("diffusion/saved_by_diffusers") / saved;
    EXPECT_EQ(open_scheduler_config(folder, std::nullopt).scheduler, parse_scheduler_name(saved).scheduler) << saved;
    for (const std::string& name : names) {
      if (name == "pndm" && saved != "pndm") continue;
      EXPECT_NO_THROW(open_scheduler_config(folder, parse_scheduler_name(name))) << saved << " for " << name;
    }
  }
}

TEST(SchedulerConfig, LetsAChoiceDecideOnKarrasSigmas) {
  const fs::path folder = testing::test_data("diffusion/saved_by_diffusers/dpm++2m-karras");
  EXPECT_TRUE(open_scheduler_config(folder, std::nullopt).use_karras_sigmas);
  EXPECT_FALSE(open_scheduler_config(folder, parse_scheduler_name("dpm++2m")).use_karras_sigmas);
  EXPECT_TRUE(open_scheduler_config(folder, parse_scheduler_name("dpm++2m-karras")).use_karras_sigmas);
}

TEST(SchedulerConfig, OfAModelFolderIsRepairedAsByThePipeline) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "scheduler");
  write_file(folder / "scheduler/scheduler_config.json", R"({"_class_name": "DDIMScheduler"})");
  const SchedulerConfig config = open_scheduler_config(folder.path(), std::nullopt);
  EXPECT_EQ(config.steps_offset, 1);
  EXPECT_EQ(config.clip_range, std::nullopt);
}

TEST(SchedulerConfig, NamesTheFileThatIsMissing) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(open_scheduler_config(folder.path(), std::nullopt), "scheduler/scheduler_config.json");
}

TEST(SchedulerConfig, ListsTheNamesThatExist) {
  EXPECT_ERROR(parse_scheduler_name("dpm"),
               "--scheduler \"dpm\"",
               "pndm, ddim, dpm++2m, dpm++2m-karras, euler, euler-ancestral, unipc, lcm");
  const Json heun = parse_json(R"({"_class_name": "HeunDiscreteScheduler"})", "test");
  EXPECT_ERROR(parse_scheduler_config(heun, "config.json", std::nullopt),
               "config.json",
               "\"HeunDiscreteScheduler\"",
               "--scheduler",
               "euler-ancestral");
}

TEST(SchedulerConfig, RefusesAnUnknownKey) {
  EXPECT_ERROR(parse(R"({"beta_strat": 0.1})", "ddim"), "config.json", "\"beta_strat\"", "did you mean \"beta_start\"");
}

TEST(SchedulerConfig, IgnoresKeysOfOtherClasses) {
  EXPECT_NO_THROW(parse(R"({"skip_prk_steps": true, "clip_sample": true, "solver_order": 3})", "euler"));
  EXPECT_NO_THROW(parse(R"({"skip_prk_steps": true, "clip_sample": true, "use_lu_lambdas": true})", "pndm"));
  EXPECT_NO_THROW(parse(R"({"timestep_spacing": "else", "predict_x0": false})", "lcm"));
}

TEST(SchedulerConfig, RefusesUnsupportedValuesOfItsKeys) {
  struct Row {
    std::string scheduler, object, key, found;
  };
  for (const Row& row : {Row{"pndm", R"({})", "skip_prk_steps", "not true"},
                         Row{"pndm", R"({"skip_prk_steps": true, "rescale_betas_zero_snr": true})", "zero_snr", "true"},
                         Row{"ddim", R"({"thresholding": true})", "thresholding", "true"},
                         Row{"ddim", R"({"rescale_betas_zero_snr": true})", "v_prediction", "found \"epsilon\""},
                         Row{"ddim", R"({"clip_sample_range": 0})", "clip_sample_range", "0"},
                         Row{"dpm++2m", R"({"solver_order": 3})", "solver_order", "3"},
                         Row{"dpm++2m", R"({"algorithm_type": "dpmsolver"})", "algorithm_type", "dpmsolver++, deis"},
                         Row{"dpm++2m", R"({"solver_type": "heun"})", "solver_type", "midpoint"},
                         Row{"dpm++2m", R"({"final_sigmas_type": "sigma_min"})", "final_sigmas_type", "only \"zero\""},
                         Row{"dpm++2m", R"({"use_lu_lambdas": true})", "use_lu_lambdas", "true"},
                         Row{"dpm++2m", R"({"lambda_min_clipped": -5.1})", "lambda_min_clipped", "-5.1"},
                         Row{"euler", R"({"use_karras_sigmas": true})", "use_karras_sigmas", "true"},
                         Row{"euler", R"({"timestep_type": "continuous"})", "timestep_type", "continuous"},
                         Row{"euler", R"({"sigma_max": 80})", "sigma_max", "80"},
                         Row{"unipc", R"({"solver_type": "bh1"})", "solver_type", "bh2"},
                         Row{"unipc", R"({"predict_x0": false})", "predict_x0", "only true"},
                         Row{"unipc", R"({"disable_corrector": [0]})", "disable_corrector", "[0]"},
                         Row{"lcm", R"({"original_inference_steps": 1001})", "original_inference_steps", "1 .. 1000"},
                         Row{"lcm", R"({"prediction_type": "sample"})", "prediction_type", "epsilon, v_prediction"},
                         Row{"ddim", R"({"beta_schedule": "sigmoid"})", "beta_schedule", "scaled_linear"},
                         Row{"ddim", R"({"timestep_spacing": "even"})", "timestep_spacing", "trailing"},
                         Row{"ddim", R"({"steps_offset": -1})", "steps_offset", "0 .. 999"},
                         Row{"ddim", R"({"num_train_timesteps": 1})", "num_train_timesteps", "2 .. 1000000"},
                         Row{"ddim", R"({"beta_start": 0.5})", "beta_start", "0.5"},
                         Row{"ddim", R"({"trained_betas": [0.1, 0.2]})", "trained_betas", "2 entries, expected 1000"},
                         Row{"ddim",
                             R"({"num_train_timesteps": 2, "trained_betas": [0.1, 1]})",
                             "trained_betas",
                             "holds 1, must lie between 0 and 1"}}) {
    SCOPED_TRACE(row.scheduler + " " + row.object);
    EXPECT_ERROR(parse(row.object, row.scheduler), "config.json", row.key, row.found);
  }
}

}  // namespace
}  // namespace fmri2img::diffusion
