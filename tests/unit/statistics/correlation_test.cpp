#include "fmri2img/statistics/correlation.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

TEST(PearsonRows, IsOneForARescaledRowAndMinusOneForANegatedOne) {
  const at::Tensor a = torch::tensor({{1.0, 2.0, 4.0}, {1.0, 2.0, 4.0}});
  const at::Tensor b = torch::tensor({{12.0, 22.0, 42.0}, {-1.0, -2.0, -4.0}});
  const at::Tensor r = pearson_rows(a, b);
  EXPECT_NEAR(r[0].item<double>(), 1, 1e-12);
  EXPECT_NEAR(r[1].item<double>(), -1, 1e-12);
}

TEST(PearsonRows, IsUndefinedForAConstantRow) {
  // .1 has no exact binary value: a sum of many leaves a rounding error that is not variance.
  const at::Tensor a = at::full({1, 1001}, 0.1, at::kDouble);
  const at::Tensor b = at::arange(1001, at::kDouble).unsqueeze(0);
  EXPECT_TRUE(std::isnan(pearson_rows(a, b).item<double>()));
  EXPECT_TRUE(std::isnan(pearson_rows(b, a).item<double>()));
}

TEST(PearsonRows, AcceptsBytes) {
  const at::Tensor a = torch::tensor({{0, 128, 255}}, at::kByte);
  EXPECT_NEAR(pearson_rows(a, a.to(at::kDouble) / 255).item<double>(), 1, 1e-12);
}

TEST(CorrelationMatrix, MarksOnlyThePairsOfAConstantRow) {
  const at::Tensor a = torch::tensor({{1.0, 2.0, 3.0}, {5.0, 5.0, 5.0}});
  const at::Tensor b = torch::tensor({{3.0, 2.0, 1.0}, {1.0, 2.0, 3.5}});
  const at::Tensor r = correlation_matrix(a, b);
  EXPECT_NEAR(r[0][0].item<double>(), -1, 1e-6);
  EXPECT_FALSE(std::isnan(r[0][1].item<double>()));
  EXPECT_TRUE(r[1].isnan().all().item<bool>());
}

TEST(CorrelationMatrix, InBlocksEqualsTheWhole) {
  at::Generator generator = make_generator(3);
  const at::Tensor a = at::randn({7, 50}, generator, at::kDouble);
  const at::Tensor b = at::randn({5, 50}, generator, at::kDouble);
  const auto source = [](const at::Tensor& rows) {
    return [rows](int64_t first, int64_t count) { return rows.narrow(0, first, count); };
  };
  for (const int64_t block : {1, 3, 100}) {
    const at::Tensor blocked = correlation_matrix(source(a), 7, source(b), 5, block);
    EXPECT_TRUE(at::allclose(blocked, correlation_matrix(a, b), 0, 1e-12)) << "blocks of " << block;
  }
}

TEST(CorrelationMatrix, OfMoreFeaturesThanABlockKeepsDoublePrecisionsRanks) {
  // Features far from zero, as after a ReLU, and more than are multiplied at once; each pair shares a third.
  at::Generator generator = make_generator(4);
  const at::Tensor a = at::randn({12, 40000}, generator, at::kFloat) + 5;
  const at::Tensor b = 0.3 * a + at::randn({12, 40000}, generator, at::kFloat);
  const at::Tensor exact = correlation_matrix(a.to(at::kDouble), b.to(at::kDouble)), found = correlation_matrix(a, b);
  EXPECT_LT((found - exact).abs().max().item<double>(), 1e-6);
  EXPECT_TRUE(at::equal(found.argsort(int64_t{0}), exact.argsort(int64_t{0})));
}

TEST(CorrelationMatrix, SeesThatARowIsNotConstantHoweverLateItChanges) {
  const at::Tensor a = at::zeros({2, 5000});
  a[1][4999] = 1;
  const at::Tensor r = correlation_matrix(a, a);
  EXPECT_TRUE(r[0].isnan().all().item<bool>());
  EXPECT_NEAR(r[1][1].item<double>(), 1, 1e-6);
}

TEST(CorrelationBank, GivesTheMatrixBlockByBlock) {
  const at::Tensor a = at::randn({5, 20}, make_generator(1)), b = at::randn({3, 20}, make_generator(2));
  a[3].fill_(2);
  CorrelationBank bank(5);
  bank.set(0, a.narrow(0, 0, 2));
  bank.set(2, a.narrow(0, 2, 3));
  const at::Tensor expected = correlation_matrix(a, b);
  EXPECT_TRUE(at::allclose(bank.correlate(b), expected, 0, 1e-6, /*equal_nan=*/true));
  EXPECT_TRUE(expected[3].isnan().all().item<bool>());
}

}  // namespace
}  // namespace fmri2img::statistics
