#include "fmri2img/statistics/retrieval.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <numeric>

#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Retrieve, CountsQueriesThatFindTheirOwn) {
  // Query 0 finds candidate 0, query 1 prefers candidate 2, query 2 ties with candidate 0: a failure.
  const at::Tensor similarities = torch::tensor({{.9, .1, .2}, {.1, .3, .4}, {.5, .2, .5}}, at::kDouble);
  const Retrieval found = retrieve(similarities, {});
  EXPECT_EQ(found.rate, (std::vector<double>{1, 0, 0}));
  EXPECT_DOUBLE_EQ(mean_of(found.top1), 1.0 / 3);
}

TEST(Retrieve, GivesTheTop1OfEachDraw) {
  const at::Tensor random = at::randn({40, 40}, make_generator(3), at::TensorOptions().dtype(at::kDouble));
  const RetrievalOptions options{.pool = 5, .draws = 20, .seed = 9};
  at::Generator generator = make_generator(9);
  std::vector<double> expected;
  for (int draw = 0; draw < 20; ++draw) {
    const at::Tensor items = at::randperm(40, generator, at::kLong).narrow(0, 0, 5);
    const at::Tensor square = random.index_select(0, items).index_select(1, items);
    expected.push_back((square.argmax(1) == at::arange(5)).to(at::kDouble).mean().item<double>());
  }
  const Retrieval found = retrieve(random, options);
  EXPECT_EQ(found.top1, expected);
  EXPECT_NEAR(mean_of(found.value), mean_of(expected), 1e-12);
}

TEST(DrawsInterval, IsTheNormalApproximationOfTheDrawsMeans) {
  // Mean .5, sample deviation sqrt(.02 / 2) = .1, standard error .1 / sqrt(3).
  const Interval interval = draws_interval({.4, .5, .6});
  EXPECT_NEAR(interval.mean, .5, 1e-12);
  EXPECT_NEAR(interval.high, .5 + 1.959964 * .1 / std::sqrt(3.0), 1e-6);
  EXPECT_NEAR(interval.mean - interval.low, interval.high - interval.mean, 1e-12);
}

TEST(DrawsInterval, OfDrawsThatAreAlikeHasNoWidth) {
  const Interval interval = draws_interval({.25, .25, .25});
  EXPECT_EQ(interval.low, .25);
  EXPECT_EQ(interval.high, .25);
}

TEST(Csls, TakesTheMeanOfTheNearestOffOnBothSides) {
  const at::Tensor cosines = torch::tensor({{.9, .5}, {.8, .4}}, at::kDouble);
  const at::Tensor scaled = csls(cosines, 1);
  // 2 * .9 - .9 (its row's nearest) - .9 (its column's); 2 * .4 - .8 - .5.
  EXPECT_NEAR(scaled[0][0].item<double>(), 0, 1e-12);
  EXPECT_NEAR(scaled[1][1].item<double>(), -.5, 1e-12);
}

TEST(Csls, FindsWhatAHubHides) {
  // Candidate 0 is near to everything: by cosine nobody else is found.
  const at::Tensor cosines = torch::tensor({{.95, .1, .1}, {.9, .85, .1}, {.9, .1, .85}}, at::kDouble);
  EXPECT_NEAR(mean_of(retrieve(cosines, {}).top1), 1.0 / 3, 1e-12);
  EXPECT_NEAR(mean_of(retrieve(cosines, {.csls = true}).top1), 1, 1e-12);
}

}  // namespace
}  // namespace fmri2img::statistics
