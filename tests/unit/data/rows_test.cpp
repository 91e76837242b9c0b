#include "fmri2img/data/rows.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::data {
namespace {

using Rows = std::vector<int64_t>;

TEST(Rows, ReadsSingleRowsAndHalfOpenRanges) {
  EXPECT_EQ(parse_rows("0:3,7", 10, "--rows"), (Rows{0, 1, 2, 7}));
  EXPECT_EQ(parse_rows("7,0:3,1,7", 10, "--rows"), (Rows{0, 1, 2, 7}));
  EXPECT_EQ(parse_rows(" 1 , 2 : 4 ", 10, "--rows"), (Rows{1, 2, 3}));
  EXPECT_EQ(parse_rows("8:", 10, "--rows"), (Rows{8, 9}));
  EXPECT_EQ(parse_rows(":2", 10, "--rows"), (Rows{0, 1}));
  EXPECT_EQ(parse_rows(":", 3, "--rows"), (Rows{0, 1, 2}));
}

TEST(Rows, RefusesWhatNamesNoRow) {
  for (const char* text : {"", ",", "1,", "x", "1-3", "1:2:3", "-1", "99999999999999999999", "1.5"}) {
    EXPECT_ERROR(parse_rows(text, 10, "--train-rows"), "--train-rows", "is not a row", "like 0:100,120");
  }
  EXPECT_ERROR(parse_rows("5:5", 10, "--train-rows"), "5:5 names no row");
  EXPECT_ERROR(parse_rows("7:5", 10, "--train-rows"), "7:5 names no row");
}

TEST(Rows, NamesTheRowThatDoesNotExist) {
  EXPECT_ERROR(parse_rows("10", 10, "--trials"), "--trials \"10\"", "row 10 does not exist", "10 rows, 0 to 9");
  EXPECT_ERROR(parse_rows("0:9842", 9841, "--trials"), "row 9841 does not exist", "9,841 rows, 0 to 9840");
  EXPECT_ERROR(parse_rows("0:100", 60, "--train-rows"), "row 60 does not exist", "60 rows, 0 to 59");
  EXPECT_ERROR(parse_rows("80:200", 60, "--trials"), "row 80 does not exist");
}

TEST(Rows, FormatIsTheInverseOfParse) {
  for (const Rows& rows : {Rows{0}, Rows{0, 1, 2, 7}, Rows{1, 3, 5}, Rows{4, 5, 8, 9}}) {
    EXPECT_EQ(parse_rows(format_rows(rows), 10, "rows"), rows);
  }
  EXPECT_EQ(format_rows({0, 1, 2, 7}), "0:3,7");
  EXPECT_EQ(format_rows({}), "");
  EXPECT_EQ(all_rows(3), (Rows{0, 1, 2}));
}

}  // namespace
}  // namespace fmri2img::data
