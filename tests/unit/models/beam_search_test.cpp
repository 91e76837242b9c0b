#include "fmri2img/models/blip/beam_search.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/models/blip/key_value_cache.h"

namespace fmri2img::models {
namespace {

at::Tensor logs(const std::vector<std::vector<double>>& rows) {
  std::vector<at::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(at::tensor(row, at::kFloat).log());
  return at::stack(tensors);
}

// Words 1 and 2, end 0, as a chance for each beam. The likeliest first word, 1 (.6), is ended with .4: .24 in all; word
// 2
// (.4) with .9: .36, more than what is open then (.6 x .3 = .18).
TEST(BeamSearch, FindsWhatTheLikeliestFirstWordHides) {
  BeamSearch search({7}, {.beams = 2, .max_length = 4, .length_penalty = 0, .end_token = 0});
  search.advance(logs({{1e-9, 0.6, 0.4}, {1e-9, 0.6, 0.4}}));
  EXPECT_TRUE(at::equal(search.sequences(), at::tensor({7, 1, 7, 2}, at::kLong).view({2, 2})));
  EXPECT_FALSE(search.done());
  search.advance(logs({{0.4, 0.3, 0.3}, {0.9, 0.05, 0.05}}));
  EXPECT_EQ(search.best(), (std::vector<int64_t>{7, 2, 0}));
  EXPECT_TRUE(search.done()) << "two texts have ended, and none that is open is likelier";
}

// At once ended: .5. To the greatest length: .3 x .5 x .5 = .075. Logarithms -.69 and -2.59; over 1 and 3 squared -.69
// and -.29.
TEST(BeamSearch, PrefersLongTextsOnDemand) {
  const auto best = [](double penalty) {
    BeamSearch search({7}, {.beams = 2, .max_length = 4, .length_penalty = penalty, .end_token = 0});
    search.advance(logs({{0.5, 0.3, 0.2}, {0.5, 0.3, 0.2}}));
    while (!search.done()) search.advance(logs({{1e-9, 0.5, 0.5}, {1e-9, 0.5, 0.5}}));
    return search.best().size();
  };
  EXPECT_EQ(best(0), 2U);
  EXPECT_EQ(best(2), 4U);
}

at::Tensor keys(double value, int64_t rows, int64_t tokens) {
  return at::full({rows, 2, tokens, 3}, value);
}

TEST(KeyValueCache, KeepsWhatItHasWhenItGrows) {
  KeyValueCache cache(1);
  for (int64_t t = 0; t < 100; ++t) {
    const auto value = static_cast<double>(t);
    const KeysValues all = cache.append(0, {keys(value, 2, 1), keys(-value, 2, 1)});
    cache.advance(1);
    ASSERT_EQ(all.keys.size(2), t + 1);
    for (int64_t s = 0; s <= t; ++s) {
      ASSERT_EQ(all.keys[1][1][s][2].item<double>(), static_cast<double>(s));
      ASSERT_EQ(all.values[0][0][s][0].item<double>(), -static_cast<double>(s));
    }
  }
}

TEST(KeyValueCache, GoesOnWithOtherRows) {
  KeyValueCache cache(1);
  const at::Tensor rows = at::stack({keys(1, 1, 4)[0], keys(2, 1, 4)[0]});
  cache.append(0, {rows, rows});
  cache.advance(4);
  cache.select(at::tensor({1, 1, 0}, at::kLong));
  const KeysValues all = cache.append(0, {keys(9, 3, 1), keys(9, 3, 1)});
  EXPECT_EQ(all.keys.sizes(), (std::vector<int64_t>{3, 2, 5, 3}));
  EXPECT_EQ(all.keys[0][0][3][0].item<double>(), 2);
  EXPECT_EQ(all.keys[1][1][0][2].item<double>(), 2);
  EXPECT_EQ(all.values[2][0][0][0].item<double>(), 1);
  EXPECT_EQ(all.values[2][0][4][0].item<double>(), 9);
}

}  // namespace
}  // namespace fmri2img::models
