#include "fmri2img/experiments/error_summary.h"

#include <gtest/gtest.h>

#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/experiments/row_values.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::experiments {
namespace {

TEST(MeanOfBatchMeans, CountsARowOfThePartialBatchForMore) {
  // (1 + 2) / 2 and 9: the true mean is 4, the mean of batch means 5.25.
  EXPECT_DOUBLE_EQ(mean_of_batch_means(std::vector<double>{1, 2, 9}, 2), 5.25);
}

TEST(MeanOfBatchMeans, IsTheMeanWhereBatchesAreFull) {
  EXPECT_DOUBLE_EQ(mean_of_batch_means(std::vector<double>{1, 2, 9, 4}, 2), 4);
  EXPECT_DOUBLE_EQ(mean_of_batch_means(std::vector<double>{1, 2, 9}, 64), 4);
}

TEST(RowValues, ReadBackEqual) {
  const testing::TemporaryFolder folder;
  const RowValues values{{3, 0, 17}, {1.0 / 3, -2e-17, 12345678.901234567}};
  write_row_values(folder / "a.csv", "error", values);
  const RowValues read = read_row_values(folder / "a.csv");
  EXPECT_EQ(read.rows, values.rows);
  EXPECT_EQ(read.values, values.values);
}

TEST(RowValues, NamesTheDamagedLine) {
  const testing::TemporaryFolder folder;
  write_file(folder / "a.csv", "row,error\n0,1.5\n1,x\n");
  EXPECT_ERROR(read_row_values(folder / "a.csv"), "a.csv", "line 3", "\"1,x\"", "remove the file");
}

}  // namespace
}  // namespace fmri2img::experiments
