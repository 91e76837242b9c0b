#include "fmri2img/experiments/split_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/experiments/decoder_rows.h"
#include "tests/support/errors.h"
#include "tests/unit/experiments/experiment_decoders.h"

namespace fmri2img::experiments {
namespace {

TEST(RowErrors, AreMeansOverEachRowsLatents) {
  LinearDecoder decoder(at::ones({1, 4}));
  const at::Tensor responses = at::tensor({1.0, 2.0}, at::kFloat).view({2, 1});
  const at::Tensor latents = at::tensor({1, 1, 1, 5, 2, 2, 2, 2}, at::kFloat).view({2, 1, 2, 2});
  EXPECT_EQ(row_errors(decoder, responses, latents), (std::vector<double>{1, 0}));
}

TEST(RowErrors, DoNotDependOnBlocks) {
  LinearDecoder decoder(at::ones({1, 4}));
  const at::Tensor responses = at::arange(150, at::kFloat).view({150, 1});
  const at::Tensor latents = at::zeros({150, 1, 2, 2});
  const std::vector<double> errors = row_errors(decoder, responses, latents);
  ASSERT_EQ(errors.size(), 150U);
  for (size_t i = 0; i < errors.size(); ++i) EXPECT_EQ(errors[i], static_cast<double>(i));
  EXPECT_ERROR(row_errors(decoder, responses, at::zeros({150, 1, 4, 4})), "another codec");
}

TEST(SplitErrorsFinding, NamesDecodersWithoutOtherRows) {
  const std::vector<PartValues> parts{
      {"92", kTrainingPart, {{0}, {1}}}, {"92", kValidationPart, {{3}, {5}}}, {"ridge", kTrainingPart, {{0}, {1}}}};
  EXPECT_THAT(split_errors_finding(parts, 2, 42).notes,
              ::testing::Contains(::testing::HasSubstr("nothing to compare with: ridge. Train with --hold-out")));
}

TEST(SplitErrorsFinding, SpeaksOfValidationRowsOnlyWhereThereAreAny) {
  const std::vector<PartValues> ridge{{"ridge", kTrainingPart, {{0}, {1}}}, {"ridge", kHeldOutPart, {{5}, {3}}}};
  EXPECT_THAT(split_errors_finding(ridge, 2, 42).notes,
              ::testing::Not(::testing::Contains(::testing::HasSubstr("chose the epoch"))));
  const std::vector<PartValues> mlp{{"mlp", kTrainingPart, {{0}, {1}}}, {"mlp", kValidationPart, {{5}, {3}}}};
  EXPECT_THAT(split_errors_finding(mlp, 2, 42).notes, ::testing::Contains(::testing::HasSubstr("chose the epoch")));
}

TEST(SplitErrorsFinding, SaysWhatRowsWereAndBothMeans) {
  const std::vector<PartValues> parts{{"92", kTrainingPart, {{0, 1, 2}, {1, 2, 9}}},
                                      {"92", kValidationPart, {{3, 4}, {5, 7}}},
                                      {"ridge", kTrainingPart, {{0, 1}, {1, 1}}},
                                      {"ridge", kHeldOutPart, {{5}, {3}}}};
  const findings::Finding finding = split_errors_finding(parts, 2, 42);
  const auto& rows = finding.tables[0].rows;
  EXPECT_EQ(rows[0][1], "training rows");
  EXPECT_EQ(rows[0][3], "5.2500") << "as published: the mean of batch means";
  EXPECT_THAT(rows[0][4], ::testing::StartsWith("4.0000 [")) << "the true mean";
  EXPECT_EQ(rows[3][1], "held-out rows");
  EXPECT_THAT(finding.tables[1].title, ::testing::StartsWith("Published"));
  EXPECT_EQ(finding.tables[1].rows[0], (std::vector<std::string>{"92", "0.399", "0.648"}));
  ASSERT_EQ(finding.charts[0].series.size(), 3U);
  EXPECT_EQ(finding.charts[0].series[2].labels, (std::vector<std::string>{"ridge"}));
  EXPECT_EQ(finding.charts[0].series[2].x, (std::vector<double>{1})) << "at the second decoder";
  EXPECT_THAT(split_errors_csv(parts, 2, 42), ::testing::HasSubstr("92,training rows,3,5.25,4,"));
}

}  // namespace
}  // namespace fmri2img::experiments
