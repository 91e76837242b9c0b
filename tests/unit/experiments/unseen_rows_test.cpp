#include "fmri2img/experiments/unseen_rows.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"
#include "tests/support/small_subject.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/experiments/experiment_decoders.h"

namespace fmri2img::experiments {
namespace {

class UnseenRowsTest : public ::testing::Test {
 protected:
  data::Subject subject(int64_t test_rows) {
    testing::write_small_subject(folder / "subj", {.train_rows = 10, .test_rows = test_rows});
    return data::Subject::open(folder / "subj");
  }

  testing::TemporaryFolder folder;
};

TEST_F(UnseenRowsTest, PrefersValidationThenHeldOutThenTest) {
  const data::Subject with_test = subject(3);
  const auto all = recorded_member(with_test, {0, 1}, {5, 2}, {7});
  EXPECT_EQ(unseen_rows("", with_test, all).trials.rows, (std::vector<int64_t>{2, 5}));
  EXPECT_EQ(unseen_rows("", with_test, all).name, "validation rows");
  const auto ridge = recorded_member(with_test, {0, 1}, {}, {7});
  EXPECT_EQ(unseen_rows("", with_test, ridge).name, "held-out rows");
  EXPECT_EQ(unseen_rows("validation", with_test, ridge).name, "held-out rows") << "it has no others";
  const UnseenRows test = unseen_rows("", with_test, recorded_member(with_test, {0, 1}, {}, {}));
  EXPECT_EQ(test.name, "test rows");
  EXPECT_EQ(test.trials.partition, data::Partition::kTest);
  EXPECT_EQ(test.trials.rows.size(), 3U);
}

TEST_F(UnseenRowsTest, NamesTheWayOutWhereThereIsNothing) {
  const data::Subject without_test = subject(0);
  EXPECT_ERROR(unseen_rows("", without_test, recorded_member(without_test, {0, 1}, {}, {})),
               "ridge decoder \"92\"",
               "--hold-out",
               "--trials");
}

TEST_F(UnseenRowsTest, RefusesRowsThatWereFitted) {
  const data::Subject opened = subject(0);
  const auto member = recorded_member(opened, {4, 3, 8}, {5}, {});
  EXPECT_EQ(unseen_rows("0:3,6", opened, member).name, "rows 0:3,6");
  EXPECT_ERROR(
      unseen_rows("2:5", opened, member), "fitted to 2 of these 3 rows (3 ...)", "validation, held-out or test");
  EXPECT_ERROR(unseen_rows("train", opened, member), "fitted to 3 of these 3 rows");
}

}  // namespace
}  // namespace fmri2img::experiments
