#include "fmri2img/reconstruction/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/voting/embeddings.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::reconstruction {
namespace {

using ::testing::HasSubstr;

TEST(Tables, QuoteWhatWouldEndAField) {
  EXPECT_EQ(csv_line({"a", "b, c", "say \"hi\""}), "a,\"b, c\",\"say \"\"hi\"\"\"\n");
  EXPECT_EQ(csv_number(0.125), "0.125");
  EXPECT_EQ(csv_number({}), "");
}

TEST(Tables, RowsNameTheLineThatIsWrong) {
  const testing::TemporaryFolder folder;
  const std::string good = rows_to_json_lines({ResultRow{}});
  write_file(folder / "t.jsonl", good + "{\"trial\": 1}\n");
  EXPECT_ERROR(read_rows(folder / "t.jsonl"), "t.jsonl", "line 2", "\"picture\" is missing");
  write_file(folder / "t.jsonl", "");
  EXPECT_ERROR(read_rows(folder / "t.jsonl"), "holds no trials");
}

/// One trial of three candidates.
std::vector<ResultRow> rows_with_pairs() {
  std::vector<ResultRow> rows(3);
  const char* names[] = {"ridge", "mlp", "average"};
  for (size_t i = 0; i < 3; ++i) rows[i].model = names[i];
  rows[0].high_high = {{"mlp", 0.5}, {"average", 0.25}};
  rows[1].high_high = {{"ridge", 0.5}, {"average", std::nullopt}};
  rows[2].high_high = {{"ridge", 0.25}, {"mlp", std::nullopt}};
  return rows;
}

TEST(Tables, HaveAColumnOfCosinesForEachModelInTheCsvFile) {
  const std::string csv = rows_to_csv(rows_with_pairs());
  EXPECT_THAT(csv, HasSubstr(",voted,high_high_ridge,high_high_mlp,high_high_average\n"));
  EXPECT_THAT(csv, HasSubstr(",false,,0.5,0.25\n"));
  EXPECT_THAT(csv, HasSubstr(",false,0.5,,\n"));
  EXPECT_THAT(csv, HasSubstr(",false,0.25,,\n"));
}

TEST(Tables, HaveNoSuchColumnWithoutHighLevelImages) {
  EXPECT_TRUE(rows_to_csv({ResultRow{}}).starts_with("trial,picture,model,"));
  EXPECT_THAT(rows_to_csv({ResultRow{}}), HasSubstr(",encoder,voted\n"));
}

TEST(Tables, ReadTheCosinesOfPairsThatTheyWrote) {
  const testing::TemporaryFolder folder;
  write_file(folder / "t.jsonl", rows_to_json_lines(rows_with_pairs()));
  const std::vector<ResultRow> expected = rows_with_pairs(), found = read_rows(folder / "t.jsonl");
  ASSERT_EQ(found.size(), 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found[i].high_high, expected[i].high_high);
}

TEST(Tables, OfEarlierVersionsHaveNoPairs) {
  const testing::TemporaryFolder folder;
  Json line = parse_json(rows_to_json_lines({ResultRow{}}), "a row");
  line.erase("high_high");
  write_file(folder / "t.jsonl", line.dump() + "\n");
  EXPECT_TRUE(read_rows(folder / "t.jsonl").front().high_high.empty());
  line["high_high"] = {{"mlp", "alike"}};
  write_file(folder / "t.jsonl", line.dump() + "\n");
  EXPECT_ERROR(read_rows(folder / "t.jsonl"), "t.jsonl", "line 1", "\"high_high\" of \"mlp\" is \"alike\"");
}

TEST(Embeddings, GiveExactlySymmetricCosinesAndNoneToATargetThatIsNotThere) {
  const at::Tensor low = at::tensor({3.0F, 4.0F, 1.0F, 0.0F}).view({2, 2});
  const at::Tensor high = at::tensor({4.0F, 3.0F, 0.0F, 2.0F}).view({2, 2});
  const TrialCosines cosines = cosines_of({at::tensor({1.0F, 0.0F}), low, high});
  EXPECT_DOUBLE_EQ(cosines.low_high[0], 0.96);
  EXPECT_DOUBLE_EQ(cosines.low_high[1], 0);
  EXPECT_DOUBLE_EQ(cosines.low_target[0], 0.6);
  EXPECT_DOUBLE_EQ(cosines.high_target[0], 0.8);
  EXPECT_TRUE(at::equal(cosines.high_high, cosines.high_high.t()));
  EXPECT_TRUE(cosines_of({{}, low, high}).high_target.empty());
}

TEST(Embeddings, OfAnotherNumberOfCandidatesAreRefused) {
  const testing::TemporaryFolder folder;
  write_embeddings(folder / "trial_0.safetensors", {{}, at::ones({2, 3}), at::ones({2, 3})});
  EXPECT_EQ(read_embeddings(folder / "trial_0.safetensors", 2).high.size(1), 3);
  EXPECT_ERROR(read_embeddings(folder / "trial_0.safetensors", 4), "trial_0", "4 candidates", "remove it");
}

}  // namespace
}  // namespace fmri2img::reconstruction
