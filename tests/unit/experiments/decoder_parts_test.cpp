#include "fmri2img/experiments/decoder_parts.h"

#include <gtest/gtest.h>

namespace fmri2img::experiments {
namespace {

TEST(PartsOf, KeepTheOrderOfTheSplit) {
  decoding::DecoderRecord record;
  record.train_rows = {7, 2, 9};
  record.validation_rows = {4, 0};
  record.held_out_rows = {1};
  const std::vector<DecoderPart> parts = parts_of(record, 2);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "training rows");
  EXPECT_EQ(parts[0].rows, (std::vector<int64_t>{7, 2})) << "the first ones drawn";
  EXPECT_EQ(parts[1].rows, (std::vector<int64_t>{4, 0}));
}

TEST(PartsOf, TakeHeldOutRowsWhereNothingWasValidatedOn) {
  decoding::DecoderRecord record;
  record.train_rows = {0, 1};
  EXPECT_EQ(parts_of(record, std::nullopt).size(), 1U);
  record.held_out_rows = {5};
  EXPECT_EQ(parts_of(record, std::nullopt)[1].name, "held-out rows");
}

TEST(PartBars, StandByDecoderWithASeriesForEachPart) {
  const std::vector<PartValues> parts{{"92", kTrainingPart, {{0, 1}, {1, 3}}},
                                      {"92", kValidationPart, {{2, 3}, {4, 6}}},
                                      {"ridge", kTrainingPart, {{0, 1}, {7, 7}}}};
  const std::vector<findings::ChartSeries> bars = part_bars(parts, 42);
  ASSERT_EQ(bars.size(), 2U) << "no held-out rows, no series of them";
  EXPECT_EQ(bars[0].name, kTrainingPart);
  EXPECT_EQ(bars[0].labels, (std::vector<std::string>{"92", "ridge"}));
  EXPECT_EQ(bars[0].y, (std::vector<double>{2, 7}));
  EXPECT_EQ(bars[1].name, kValidationPart);
  EXPECT_EQ(bars[1].y, (std::vector<double>{5}));
  EXPECT_GT(bars[1].high.front(), bars[1].low.front());
}

}  // namespace
}  // namespace fmri2img::experiments
