#include "fmri2img/training/zoo/pictures/picture_batches.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace fmri2img::training {
namespace {

/// Pictures that show their own number.
class Numbers : public CaptionedPictures {
 public:
  int64_t size() const override { return 10; }
  int64_t side() const override { return 1; }
  std::string caption(int64_t row) const override { return std::to_string(row); }
  std::string description() const override { return "numbers"; }
  CaptionedBatch read(std::span<const int64_t> rows) const override {
    CaptionedBatch batch{at::empty({static_cast<int64_t>(rows.size()), 3, 1, 1}, at::kByte), {}};
    for (size_t i = 0; i < rows.size(); ++i) {
      batch.pictures[static_cast<int64_t>(i)].fill_(rows[i]);
      batch.captions.push_back(std::to_string(rows[i]));
    }
    return batch;
  }
};

/// The captions of `steps` steps of 2 pictures a replica.
std::vector<std::string> order(int64_t first, int64_t steps, uint64_t seed) {
  std::vector<std::string> all;
  for (int64_t step = first; step < first + steps; ++step) {
    for (size_t replica = 0; replica < kReplicas; ++replica) {
      const auto batch = read_share(Numbers(), {.step = step, .replica = replica, .batch = 2, .generator = {}}, seed);
      all.insert(all.end(), batch.captions.begin(), batch.captions.end());
    }
  }
  return all;
}

TEST(ReadShare, ShowsEveryPictureOnceBeforeAnyComesAgain) {
  std::vector<std::string> captions = order(0, 5, 1);  // 20 pictures: twice all of them
  ASSERT_EQ(captions.size(), 20);
  std::vector<std::string> first(captions.begin(), captions.begin() + 10);
  std::vector<std::string> second(captions.begin() + 10, captions.end());
  EXPECT_NE(first, second);
  std::ranges::sort(first);
  std::ranges::sort(second);
  EXPECT_EQ(first, second);
  EXPECT_EQ(std::unique(first.begin(), first.end()), first.end());
}

TEST(ReadShare, DependsOnStepAndSeedAlone) {
  const std::vector<std::string> whole = order(0, 5, 1);
  EXPECT_EQ(order(3, 2, 1), std::vector<std::string>(whole.begin() + 12, whole.end()));
  EXPECT_NE(order(0, 5, 2), whole);
}

TEST(ForEachBatch, ShowsAllInOrder) {
  std::vector<int64_t> sizes;
  std::vector<std::string> captions;
  for_each_batch(Numbers(), 4, [&](const CaptionedBatch& batch) {
    sizes.push_back(batch.pictures.size(0));
    captions.insert(captions.end(), batch.captions.begin(), batch.captions.end());
  });
  EXPECT_THAT(sizes, ::testing::ElementsAre(4, 4, 2));
  EXPECT_EQ(captions.back(), "9");
}

TEST(ToSigned, CoversTheRange) {
  EXPECT_TRUE(at::equal(to_signed(at::tensor({0, 255}, at::kByte)), at::tensor({-1.F, 1.F})));
}

}  // namespace
}  // namespace fmri2img::training
