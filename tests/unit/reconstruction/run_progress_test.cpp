#include "fmri2img/reconstruction/stages/run_progress.h"

#include <gtest/gtest.h>

namespace fmri2img::reconstruction {
namespace {

TEST(RunProgress, WeighsStagesByTheirCost) {
  std::vector<ProgressState> shown;
  const ProgressSink previous = set_progress_sink([&](const ProgressState& state) { shown.push_back(state); });
  {
    RunProgress progress("reconstructing", {{"captions", 10, 4, 3}, {"images", 10, 0, 50}});
    progress.advance("captions", 2);
    progress.advance("images");
  }
  set_progress_sink(previous);
  ASSERT_EQ(shown.size(), 4U);
  EXPECT_EQ(shown[0].total, 530);
  EXPECT_EQ(shown[0].done, 12);
  EXPECT_EQ(shown[0].unit, "%");
  EXPECT_EQ(shown[1].done, 18);
  EXPECT_EQ(shown[1].note, "captions 6/10");
  EXPECT_EQ(shown[2].done, 68);
  EXPECT_EQ(shown[2].note, "images 1/10");
}

}  // namespace
}  // namespace fmri2img::reconstruction
