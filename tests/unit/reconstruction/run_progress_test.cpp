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

TEST(RunProgress, CountsWhatIsDoneOfAnItemOnce) {
  std::vector<int64_t> done;
  const ProgressSink previous = set_progress_sink([&](const ProgressState& state) { done.push_back(state.done); });
  {
    RunProgress progress("reconstructing", {{"images", 2, 0, 50}, {"strips", 1, 0, 5}});
    progress.advance_within("images", 60);   // of both
    progress.advance("images");              // 50 of the 60
    progress.advance_within("images", 100);  // 40 are left
    progress.advance("images");
    progress.advance("strips");
  }
  set_progress_sink(previous);
  EXPECT_EQ(done, (std::vector<int64_t>{0, 60, 60, 100, 100, 105, 105}));
}

}  // namespace
}  // namespace fmri2img::reconstruction
