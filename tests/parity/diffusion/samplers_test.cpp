#include <ATen/ops/arange.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/diffusion/sampler.h"
#include "fmri2img/diffusion/sigmas.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::diffusion {
namespace {

// Golden: tools/parity/schedulers.py, diffusers 0.42.1. The coefficients are the same operations on the same float32
// scalars, so only the order of the last roundings may differ.
constexpr double kTolerance = 1e-5;

struct GoldenRun {
  SchedulerConfig config;
  RunLength length;
  size_t num_generators;
  std::string description;
};

GoldenRun parse_run(const Json& entry) {
  Json json = read_json(testing::test_data("diffusion") / entry["config"].get<std::string>() /
                        "scheduler/scheduler_config.json");
  json.update(entry["changes"]);
  const SchedulerChoice choice = parse_scheduler_name(entry["scheduler"].get<std::string>());
  return {parse_scheduler_config(json, "scheduler_config.json", choice),
          {entry["steps"].get<int64_t>(), entry["strength"].get<double>()},
          entry["generators"].get<size_t>(),
          entry.dump()};
}

/// The script's network.
at::Tensor network(const at::Tensor& sample, double time_step) {
  const at::Tensor pattern = at::arange(sample.numel(), at::kFloat).view(sample.sizes()).mul(0.37);
  return sample.mul(0.3).add(pattern.add(time_step / 100).sin().mul(0.5));
}

/// The samples after the first, the middle and the last step.
at::Tensor kept_samples(const GoldenRun& run, Sampler& sampler) {
  const at::Tensor latents = at::randn({2, 2, 4, 4}, make_generator(1), at::kFloat);
  std::vector<at::Generator> generators;
  for (size_t i = 0; i < run.num_generators; ++i) generators.push_back(make_generator(11 + i));
  at::Tensor sample = sampler.add_noise(latents, draw_noise(latents, generators));
  std::vector<at::Tensor> samples;
  for (size_t i = 0; i < sampler.time_steps().size(); ++i) {
    const at::Tensor output = network(sampler.scale_model_input(sample, i), sampler.time_steps()[i]);
    sample = sampler.step(output, i, sample, generators);
    samples.push_back(sample);
  }
  return at::stack({samples.front(), samples[samples.size() / 2], samples.back()});
}

std::vector<double> as_vector(const at::Tensor& values) {
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

double relative_difference(const at::Tensor& found, const at::Tensor& expected) {
  return found.sub(expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

TEST(Samplers, ReproduceTheReferencesTimeStepsAndTrajectories) {
  const Json entries = read_json(testing::test_data("diffusion/runs.json"));
  const io::StateDict golden = io::read_safetensors(testing::test_data("diffusion/runs.safetensors"));
  ASSERT_GT(entries.size(), 200U);
  double largest = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const GoldenRun run = parse_run(entries[i]);
    const auto sampler = make_sampler(run.config, run.length);
    EXPECT_EQ(sampler->time_steps(), as_vector(golden.at(fmt::format("{}.time_steps", i)))) << run.description;
    const at::Tensor expected = golden.at(fmt::format("{}.samples", i));
    const at::Tensor found = kept_samples(run, *sampler);
    for (int64_t kept = 0; kept < 3; ++kept) {
      const double difference = relative_difference(found[kept], expected[kept]);
      EXPECT_LE(difference, kTolerance) << "kept sample " << kept << " of " << run.description;
      largest = std::max(largest, difference);
    }
  }
  RecordProperty("largest_relative_difference", fmt::format("{}", largest));
}

TEST(Sigmas, EqualTheReferences) {
  const Json entries = read_json(testing::test_data("diffusion/runs.json"));
  const io::StateDict golden = io::read_safetensors(testing::test_data("diffusion/runs.safetensors"));
  size_t compared = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto expected = golden.find(fmt::format("{}.sigmas", i));
    if (expected == golden.end()) continue;
    const GoldenRun run = parse_run(entries[i]);
    const Scheduler scheduler = run.config.scheduler;
    const bool is_euler = scheduler == Scheduler::kEuler || scheduler == Scheduler::kEulerAncestral;
    const SigmaSchedule schedule =
        run.config.use_karras_sigmas
            ? karras_sigmas(run.config, run.length)
            : interpolated_sigmas(run.config, run.length, is_euler ? Grid::kFractional : Grid::kOpenEnd);
    ASSERT_EQ(schedule.sigmas.sizes(), expected->second.sizes()) << run.description;
    EXPECT_LE(relative_difference(schedule.sigmas, expected->second), 1e-7) << run.description;
    ++compared;
  }
  EXPECT_GE(compared, 30U);
}

TEST(TimeSteps, EqualTheReferencesAtManyLengths) {
  SchedulerConfig config = open_scheduler_config(testing::test_data("diffusion/stable-diffusion-v1-5"), std::nullopt);
  const std::map<std::string, Grid> grids = {
      {"ddim", Grid::kWhole}, {"dpm++2m", Grid::kOpenEnd}, {"euler", Grid::kFractional}};
  const std::map<std::string, Spacing> spacings = {
      {"linspace", Spacing::kLinspace}, {"leading", Spacing::kLeading}, {"trailing", Spacing::kTrailing}};
  for (const Json& entry : read_json(testing::test_data("diffusion/time_step_sums.json"))) {
    config.timestep_spacing = spacings.at(entry["spacing"].get<std::string>());
    ASSERT_GE(entry["rows"].size(), 35U);
    for (const Json& row : entry["rows"]) {
      const auto steps = row[0].get<int64_t>();
      const auto time_steps = whole_run(config, steps, grids.at(entry["scheduler"].get<std::string>()));
      double sum = 0;
      for (size_t i = 0; i < time_steps.size(); ++i) sum += time_steps[i] * static_cast<double>(i + 1);
      EXPECT_EQ(sum, row[1].get<double>()) << entry["scheduler"] << ' ' << entry["spacing"] << ", steps " << steps;
    }
  }
}

}  // namespace
}  // namespace fmri2img::diffusion
