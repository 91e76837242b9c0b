#include "fmri2img/diffusion/sampler.h"

#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <limits>

#include "fmri2img/core/random.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::diffusion {
namespace {

SchedulerConfig stable_diffusion(const std::string& scheduler) {
  return open_scheduler_config(testing::test_data("diffusion/stable-diffusion-v1-5"), parse_scheduler_name(scheduler));
}

const std::vector<std::string> kAllSchedulers = {
    "pndm", "ddim", "dpm++2m", "dpm++2m-karras", "euler", "euler-ancestral", "unipc", "lcm"};

/// A run from pure noise with a network that knows the picture: it predicts the noise that was added to it.
at::Tensor run(Sampler& sampler, const at::Tensor& picture, uint64_t seed, const std::string& scheduler) {
  const std::vector<at::Generator> generators = {make_generator(seed)};
  const at::Tensor noise = draw_noise(picture, generators);
  at::Tensor sample = sampler.add_noise(picture, noise);
  const bool draws = scheduler == "euler-ancestral" || scheduler == "lcm";
  for (size_t i = 0; i < sampler.time_steps().size(); ++i) {
    const at::Tensor output = draws ? sampler.scale_model_input(sample, i).tanh() : noise;
    sample = sampler.step(output, i, sample, generators);
  }
  return sample;
}

// The paper's setting: 51 entries for 50 steps, 38 of them at strength 0.75.
TEST(Pndm, EvaluatesTheNetworkOnceMoreThanItHasSteps) {
  EXPECT_EQ(make_sampler(stable_diffusion("pndm"), {.steps = 50})->time_steps().size(), 51U);
  const auto sampler = make_sampler(stable_diffusion("pndm"), {.steps = 50, .strength = 0.75});
  EXPECT_EQ(sampler->time_steps().size(), 38U);
  EXPECT_EQ(sampler->time_steps().front(), 741);
  EXPECT_EQ(sampler->time_steps().back(), 1);
}

// Analytic: with the true noise at every step a deterministic solver follows one straight path, whatever its order. The
// file's "set_alpha_to_one" is false, so DDIM and PNDM end at the noise of time step 0: sqrt(0.00085) x noise.
TEST(Samplers, FindThePictureWhenTheNetworkKnowsTheNoise) {
  const at::Tensor picture = at::randn({1, 4, 8, 8}, make_generator(1));
  for (const std::string scheduler : {"pndm", "ddim", "dpm++2m", "dpm++2m-karras", "euler", "unipc"}) {
    const auto sampler = make_sampler(stable_diffusion(scheduler), {.steps = 20});
    const double error = run(*sampler, picture, 5, scheduler).sub(picture).abs().max().item<double>();
    EXPECT_LT(error, scheduler == "pndm" || scheduler == "ddim" ? 4 * 0.0292 : 2e-3) << scheduler;
  }
}

TEST(Samplers, BeginAgainAtStepZero) {
  const at::Tensor picture = at::randn({1, 4, 8, 8}, make_generator(1));
  for (const std::string& scheduler : kAllSchedulers) {
    const auto sampler = make_sampler(stable_diffusion(scheduler), {.steps = 7, .strength = 0.75});
    const at::Tensor first = run(*sampler, picture, 5, scheduler);
    EXPECT_TRUE(run(*sampler, picture, 5, scheduler).equal(first)) << scheduler;
    EXPECT_FALSE(run(*sampler, picture, 6, scheduler).equal(first)) << scheduler;
  }
}

TEST(Samplers, NameTheOptionThatIsOutOfRange) {
  for (const std::string& scheduler : kAllSchedulers) {
    const SchedulerConfig config = stable_diffusion(scheduler);
    EXPECT_ERROR(make_sampler(config, {.steps = 0}), "--steps is 0", "at least 1");
    EXPECT_ERROR(make_sampler(config, {.steps = 1001}), "--steps is 1001", "1000 time steps");
    EXPECT_ERROR(make_sampler(config, {.steps = 20, .strength = 0}), "--strength is 0", "above 0 and at most 1");
    EXPECT_ERROR(make_sampler(config, {.steps = 20, .strength = 1.01}), "--strength is 1.01");
    EXPECT_ERROR(make_sampler(config, {.steps = 20, .strength = std::numeric_limits<double>::quiet_NaN()}), "is nan");
    EXPECT_ERROR(make_sampler(config, {.steps = 1, .strength = 0.3}),
                 "--strength 0.3 of --steps 1 is less than one step",
                 "at least 4 steps");
  }
}

TEST(Samplers, CallAWrongOptionWrongUsage) {
  try {
    make_sampler(stable_diffusion("pndm"), {.steps = 20, .strength = 2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kWrongUsage);
  }
}

TEST(Samplers, RefuseRunsTooLongForTheirScheduler) {
  EXPECT_ERROR(make_sampler(stable_diffusion("lcm"), {.steps = 51}), "--steps is 51", "original_inference_steps", "50");
  EXPECT_ERROR(make_sampler(stable_diffusion("dpm++2m"), {.steps = 1000}), "--steps 1000", "same noise");
  EXPECT_ERROR(make_sampler(stable_diffusion("ddim"), {.steps = 1000}),
               "--steps 1000 begins at time step 1000",
               "\"steps_offset\" is 1",
               "last is 999");
}

}  // namespace
}  // namespace fmri2img::diffusion
