#include "fmri2img/experiments/learning_curves.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::experiments {
namespace {

TEST(LearningCurves, TakeTheLastRunningMeanOfEachEpoch) {
  const testing::TemporaryFolder folder;
  write_file(folder / "log.csv",
             "step,train/loss,train/lr,train/num_steps,val/loss\n1,4,.1,1,\n2,3,.1,2,\n2,,,,5\n3,2,.1,3,\n4,1,.1,4,\n"
             "4,,,,4.5\n5,.9,.1,");
  const LearningCurves curves = read_learning_curves(folder / "log.csv");
  EXPECT_EQ(curves.training, (std::vector<double>{3, 1}));
  EXPECT_EQ(curves.validation, (std::vector<double>{5, 4.5}));
}

TEST(LearningCurves, SayWhatALogLacks) {
  const testing::TemporaryFolder folder;
  write_file(folder / "log.csv", "step,train/loss,train/lr,train/num_steps,val/loss\n1,4,.1,1,\n");
  EXPECT_ERROR(read_learning_curves(folder / "log.csv"), "log.csv", "no validation loss");
  write_file(folder / "log.csv", "step,loss\n1,4\n");
  EXPECT_ERROR(read_learning_curves(folder / "log.csv"), "log.csv", "no column train/loss");
}

}  // namespace
}  // namespace fmri2img::experiments
