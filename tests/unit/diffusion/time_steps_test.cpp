#include "fmri2img/diffusion/time_steps.h"

#include <gtest/gtest.h>

namespace fmri2img::diffusion {
namespace {

std::vector<double> five_steps(Spacing spacing, Grid grid) {
  SchedulerConfig config;
  config.timestep_spacing = spacing;
  config.steps_offset = 1;
  return whole_run(config, 5, grid);
}

// By hand, of 1000: linspace 999 / 4 = 249.75 (rounded half to even), or 999 / 5 = 199.8 with the lowest left out;
// leading 1000 / 5 = 200, or floor(1000 / 6) = 166 with the lowest left out; trailing 1000 - 200 i - 1.
TEST(TimeSteps, FollowTheirSpacing) {
  using Steps = std::vector<double>;
  EXPECT_EQ(five_steps(Spacing::kLinspace, Grid::kWhole), (Steps{999, 749, 500, 250, 0}));
  EXPECT_EQ(five_steps(Spacing::kLinspace, Grid::kFractional), (Steps{999, 749.25, 499.5, 249.75, 0}));
  EXPECT_EQ(five_steps(Spacing::kLinspace, Grid::kOpenEnd), (Steps{999, 799, 599, 400, 200}));
  EXPECT_EQ(five_steps(Spacing::kLeading, Grid::kWhole), (Steps{801, 601, 401, 201, 1}));
  EXPECT_EQ(five_steps(Spacing::kLeading, Grid::kOpenEnd), (Steps{831, 665, 499, 333, 167}));
  EXPECT_EQ(five_steps(Spacing::kTrailing, Grid::kWhole), (Steps{999, 799, 599, 399, 199}));
}

// In NumPy's arange, 1000, 1000 - 1000 / 61 ... reaches a value just above 0: the reference has 62 entries then.
TEST(TimeSteps, AreAsManyAsAskedForWhereTheReferenceSlips) {
  SchedulerConfig config;
  config.timestep_spacing = Spacing::kTrailing;
  const std::vector<double> time_steps = whole_run(config, 61, Grid::kWhole);
  EXPECT_EQ(time_steps.size(), 61U);
  EXPECT_EQ(time_steps.back(), 15);
}

TEST(TimeSteps, LeaveOutWhatTheStrengthDoesNotNeed) {
  EXPECT_EQ(skipped_steps({.steps = 50, .strength = 1}), 0);
  EXPECT_EQ(skipped_steps({.steps = 50, .strength = 0.75}), 13);
  EXPECT_EQ(last_part({5, 4, 3, 2, 1}, {.steps = 5, .strength = 0.4}), (std::vector<double>{2, 1}));
}

}  // namespace
}  // namespace fmri2img::diffusion
