#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/split.h"
#include "fmri2img/data/subject.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

using Rows = std::vector<int64_t>;
using testing::kTrainRows;

class HoldOutRows : public ::testing::Test {
 protected:
  HoldOutRows() { testing::make_subject(folder / "subj01"); }

  HoldOut apply(const std::string& choice, const Rows& pool = all_rows(kTrainRows)) const {
    return apply_hold_out(pool, choice, Subject::open(folder / "subj01"));
  }
  HoldOut apply_list(const std::string& content) const {
    write_file(folder / "list.txt", content);
    return apply((folder / "list.txt").string());
  }

  testing::TemporaryFolder folder;
};

TEST_F(HoldOutRows, NothingIsHeldOutWithoutAChoice) {
  EXPECT_EQ(apply("").pool, all_rows(kTrainRows));
  EXPECT_TRUE(apply("").held_out.empty());
  EXPECT_EQ(apply("", {5, 2}).pool, (Rows{2, 5}));
}

TEST_F(HoldOutRows, NumberTakesThatManyAndLargerOnesContainSmallerOnes) {
  Rows before;
  for (int64_t count = 1; count < kTrainRows; ++count) {
    const HoldOut hold = apply(std::to_string(count));
    EXPECT_EQ(hold.held_out.size(), static_cast<size_t>(count));
    EXPECT_TRUE(std::includes(hold.held_out.begin(), hold.held_out.end(), before.begin(), before.end()));
    Rows all = hold.pool;
    all.insert(all.end(), hold.held_out.begin(), hold.held_out.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, all_rows(kTrainRows));
    before = hold.held_out;
  }
}

TEST_F(HoldOutRows, OtherPoolsHoldOutTheSameRowsAsFarAsTheyShareThem) {
  const Rows of_all = apply("6").held_out;
  Rows pool;
  for (int64_t row = 0; row < kTrainRows; row += 2) pool.push_back(row);
  Rows shared;
  std::set_intersection(of_all.begin(), of_all.end(), pool.begin(), pool.end(), std::back_inserter(shared));
  const Rows of_pool = apply(std::to_string(shared.size()), pool).held_out;
  EXPECT_EQ(of_pool, shared);
}

TEST_F(HoldOutRows, FileNamesRowsRangesIdsAndFileNames) {
  EXPECT_EQ(apply_list("3\n0:2\n").held_out, (Rows{0, 1, 3}));
  EXPECT_EQ(apply_list("# shared pictures\n\n nsd-00013 \r\nnsd-00027 # the third\n").held_out, (Rows{0, 2}));
  EXPECT_EQ(apply_list("train-0002_nsd-00020.png\ntrain-0004_nsd-00034\n").held_out, (Rows{1, 3}));
}

TEST_F(HoldOutRows, IdsOfOtherSubjectsAreCountedInAMessage) {
  const testing::CapturedLog log;
  EXPECT_EQ(apply_list("nsd-00013\nnsd-72999\nnsd-72998\n").held_out, (Rows{0}));
  EXPECT_TRUE(log.says("2 of its 3 picture ids are not among the training pictures of subj01"));
}

TEST_F(HoldOutRows, RefusesAChoiceThatLeavesNothingOrTakesNothing) {
  EXPECT_ERROR(apply("12"), "--hold-out 12", "12 rows to choose from", "some must be left");
  EXPECT_ERROR(apply("99999999999999999999"), "12 rows to choose from");
  EXPECT_ERROR(apply_list("0:12\n"), "nothing would be left to train on");
  EXPECT_ERROR(apply_list("nsd-72999\n"), "none of its rows or pictures");
  EXPECT_ERROR(apply_list("# nothing\n"), "none of its rows or pictures");
  EXPECT_ERROR(apply_list("12\n"), "list.txt", "row 12 does not exist");
  EXPECT_ERROR(apply("/no/such/list.txt"), "cannot read \"/no/such/list.txt\"");
}

}  // namespace
}  // namespace fmri2img::data
