#include "fmri2img/training/one_cycle.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::training {
namespace {

OneCycleOptions voxel_decoder_options() {
  return {.num_steps = 3900, .max_learning_rate = 5e-4, .warmup_fraction = 2.0 / 50, .final_division = 1e3};
}

// Golden: torch.optim.lr_scheduler.OneCycleLR, PyTorch 2.13, tools/parity/one_cycle.py. Exact formulae, so double
// precision.
TEST(OneCycle, ReproducesReferenceValues) {
  struct Row {
    int64_t step;
    double learning_rate;
    double beta1;
  };
  for (const Row& row : {Row{0, 1.9999999999999998e-05, 0.94999999999999996},
                         Row{1, 2.0049294983716934e-05, 0.94998973021172561},
                         Row{100, 0.00036569459637383227, 0.87798029242211828},
                         Row{155, 0.00050000000000000001, 0.84999999999999998},
                         Row{156, 0.00049999991199229808, 0.85000001760224442},
                         Row{1000, 0.00043974923043897798, 0.86205063593764186},
                         Row{2750, 0.00010748204048215559, 0.92850673217285573},
                         Row{3899, 2e-08, 0.94999999999999996}}) {
    const OneCyclePoint point = OneCycle(voxel_decoder_options()).at(row.step);
    EXPECT_NEAR(point.learning_rate, row.learning_rate, 1e-12) << "step " << row.step;
    EXPECT_NEAR(point.beta1, row.beta1, 1e-12) << "step " << row.step;
  }
}

// Golden: every step of four runs, the same script.
TEST(OneCycle, FollowsTheReferenceOverWholeRuns) {
  std::ifstream table(testing::test_data("training/one_cycle.csv"));
  std::string header;
  std::getline(table, header);
  OneCycleOptions options;
  double step = 0, learning_rate = 0, beta1 = 0, num_steps = 0;
  char comma;
  int64_t rows = 0;
  while (table >> num_steps >> comma >> options.max_learning_rate >> comma >> options.warmup_fraction >> comma >>
         options.final_division >> comma >> step >> comma >> learning_rate >> comma >> beta1) {
    options.num_steps = static_cast<int64_t>(num_steps);
    const OneCyclePoint point = OneCycle(options).at(static_cast<int64_t>(step));
    ASSERT_NEAR(point.learning_rate, learning_rate, 1e-15) << "step " << step << " of " << num_steps;
    ASSERT_NEAR(point.beta1, beta1, 1e-14) << "step " << step << " of " << num_steps;
    ++rows;
  }
  EXPECT_EQ(rows, 650 + 43 + 10 + 400);
}

TEST(OneCycle, RefusesARunLongerThanTheSchedule) {
  EXPECT_ERROR(
      OneCycle(voxel_decoder_options()).check_length(3901), "needs 3901 steps", "ends after 3900", "--num-train");
}

TEST(OneCycle, NamesTheOptionThatIsOutOfRange) {
  EXPECT_ERROR(OneCycle({.num_steps = 0}), "num_steps is 0");
  EXPECT_ERROR(OneCycle({.num_steps = 10, .warmup_fraction = 1.5}), "warmup_fraction is 1.5");
}

}  // namespace
}  // namespace fmri2img::training
