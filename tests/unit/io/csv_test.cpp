#include "fmri2img/io/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

using ::testing::ElementsAre;

class Csv : public ::testing::Test {
 protected:
  CsvTable read(const std::string& text) {
    write_file(folder / "a.csv", text);
    return read_csv(folder / "a.csv");
  }

  testing::TemporaryFolder folder;
};

TEST_F(Csv, ReadsQuotedAndEmptyFields) {
  const CsvTable table = read("trial,caption,loss\r\n0,\"a \"\"cat\"\", red\",0.5\r\n1,,\n");
  EXPECT_THAT(table.columns, ElementsAre("trial", "caption", "loss"));
  ASSERT_EQ(table.rows.size(), 2);
  EXPECT_THAT(table.rows[0], ElementsAre("0", "a \"cat\", red", "0.5"));
  EXPECT_THAT(table.rows[1], ElementsAre("1", "", ""));
  EXPECT_EQ(table.column("loss"), 2);
}

TEST_F(Csv, LastLineNeedsNoEnd) {
  EXPECT_EQ(read("a\n1").rows.size(), 1);
}

TEST_F(Csv, SaysWhichLineIsWrong) {
  EXPECT_ERROR(read("a,b\n1,2\n3\n"), "a.csv, line 3", "1 fields under 2 columns");
  EXPECT_ERROR(read("a\n\"1\n"), "line 2", "not closed");
  EXPECT_ERROR(read("a\n\"1\"2\n"), "line 2", "after a closing quote");
  EXPECT_ERROR(read(""), "empty");
  EXPECT_ERROR((void)read("a\n1\n").column("b"), "no column \"b\"");
}

TEST(NumberIn, IsNothingForWhatIsNoNumber) {
  EXPECT_EQ(number_in("-1.5e-3"), -1.5e-3);
  for (const char* cell : {"", "true", "1x", "nan", "inf"}) EXPECT_FALSE(number_in(cell)) << cell;
}

}  // namespace
}  // namespace fmri2img::io
