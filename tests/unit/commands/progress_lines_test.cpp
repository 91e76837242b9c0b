#include "commands/progress_lines.h"

#include <gtest/gtest.h>

namespace fmri2img::commands {
namespace {

const ProgressLines::Time kStart;

ProgressLines::Time after(double seconds) {
  return kStart + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

ProgressState redrawing(int64_t done, double elapsed_s, bool finished = false) {
  return {.what = "redrawing", .unit = "steps", .done = done, .total = 2, .elapsed_s = elapsed_s, .finished = finished};
}

TEST(ProgressLines, InAFileComeEveryTenSecondsAndOnceAtTheEnd) {
  ProgressLines lines(/*terminal=*/false, kStart);
  EXPECT_EQ(lines.next(redrawing(0, 0), after(0)), "");
  EXPECT_EQ(lines.next(redrawing(1, 12), after(12)), "redrawing: 1/2 steps\n");
  EXPECT_EQ(lines.next(redrawing(1, 15), after(15)), "") << "three seconds after the last";
  EXPECT_EQ(lines.next(redrawing(2, 24), after(24)), "") << "the end will say it";
  EXPECT_EQ(lines.next(redrawing(2, 25, true), after(25)), "redrawing: 2/2 steps, 25 s\n");
}

TEST(ProgressLines, InAFileAreNotForShortJobs) {
  ProgressLines lines(/*terminal=*/false, kStart);
  EXPECT_EQ(lines.next(redrawing(2, 0.5, true), after(60)), "");
}

TEST(ProgressLines, OnATerminalDrawABarUntilTheLineEnds) {
  ProgressLines lines(/*terminal=*/true, kStart);
  EXPECT_EQ(lines.next(redrawing(1, 0.05), after(0.05)), "") << "a tenth of a second between bars";
  EXPECT_EQ(lines.next(redrawing(1, 0.2), after(0.2)), "\r\x1b[Kredrawing  ████████████░░░░░░░░░░░░  1/2 steps");
  EXPECT_EQ(lines.next(redrawing(2, 3), after(3)).find('\n'), std::string::npos);
  EXPECT_EQ(lines.next(redrawing(2, 3, true), after(3)),
            "\r\x1b[Kredrawing  ████████████████████████  2/2 steps, 3 s\n");
}

}  // namespace
}  // namespace fmri2img::commands
