#include "fmri2img/data/split.h"

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/json.h"
#include "fmri2img/data/rows.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::data {
namespace {

using Rows = std::vector<int64_t>;

void expect_rows(const Rows& found, const Json& expected) {
  ASSERT_EQ(found.size(), expected["count"].get<size_t>());
  EXPECT_EQ(Rows(found.begin(), found.begin() + 10), expected["first"].get<Rows>());
  EXPECT_EQ(Rows(found.end() - 10, found.end()), expected["last"].get<Rows>());
  EXPECT_EQ(sha256(std::as_bytes(std::span(found))), expected["sha256"].get<std::string>());
}

// Golden: torch.utils.data.random_split, PyTorch 2.13, tools/parity/split.py. Exact.
TEST(RandomSplit, DrawsTheRowsThatPyTorchDraws) {
  const Json golden = read_json(testing::test_data("subject/random_split.json"));
  ASSERT_EQ(golden["splits"].size(), 10U);
  for (const Json& expected : golden["splits"]) {
    SCOPED_TRACE(fmt::format("{} rows, seed {}", expected["rows"].dump(), expected["seed"].dump()));
    const Split split = random_split(all_rows(expected["rows"].get<int64_t>()), .7, expected["seed"].get<uint64_t>());
    expect_rows(split.train, expected["train"]);
    expect_rows(split.validation, expected["validation"]);
  }
}

// Golden: the same script.
TEST(RandomSplit, PartsHaveTheSizesThatPyTorchGives) {
  const Json golden = read_json(testing::test_data("subject/random_split.json"));
  ASSERT_EQ(golden["sizes"].size(), 4U * 42U);
  for (const Json& expected : golden["sizes"]) {
    const auto rows = expected["rows"].get<int64_t>();
    const auto fraction = expected["fraction"].get<double>();
    EXPECT_EQ(random_split(all_rows(rows), fraction, 0).train.size(), expected["train"].get<size_t>())
        << rows << " rows at " << fraction;
  }
}

TEST(RandomSplit, PoolSaysWhichRowsThePlacesMean) {
  const Rows pool{100, 7, 55, 3, 20, 21, 22, 23, 24, 25};
  const Split places = random_split(all_rows(10), .7, 5);
  const Split rows = random_split(pool, .7, 5);
  for (size_t i = 0; i < rows.train.size(); ++i) {
    EXPECT_EQ(rows.train[i], pool[static_cast<size_t>(places.train[i])]);
  }
  Rows all = rows.train;
  all.insert(all.end(), rows.validation.begin(), rows.validation.end());
  EXPECT_TRUE(std::is_permutation(all.begin(), all.end(), pool.begin(), pool.end()));
}

TEST(RandomSplit, RefusesPartsThatWouldBeEmpty) {
  EXPECT_ERROR(random_split(all_rows(3), .7, 1), "3 rows cannot be split", "name more rows");
  EXPECT_ERROR(random_split({}, .7, 1), "0 rows cannot be split");
  for (const double fraction : {0.0, 1.0, -1.0, 1.5}) {
    EXPECT_ERROR(random_split(all_rows(10), fraction, 1), "must lie between 0 and 1");
  }
}

}  // namespace
}  // namespace fmri2img::data
