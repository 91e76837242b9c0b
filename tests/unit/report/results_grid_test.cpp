#include "fmri2img/report/results_grid.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/io/image.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

/// Two models, one trial; high-level images are twice as large.
class ResultsGrid : public ::testing::Test {
 protected:
  ResultsGrid() {
    results.folder = folder.path();
    results.height = results.width = 96;
    write("t.png", 96, 10);
    for (const char* model : {"a", "b"}) {
      reconstruction::ResultRow row;
      row.model = model;
      row.target = "t.png";
      row.low = std::string(model) + "_low.png";
      row.high = std::string(model) + "_high.png";
      row.voted = row.model == "b";
      write(row.low, 96, row.voted ? 30 : 20);
      write(row.high, 192, row.voted ? 50 : 40);
      results.rows.push_back(row);
    }
  }

  void write(const std::string& name, int64_t side, int64_t level) {
    io::write_png(folder / name, at::full({side, side, 3}, level, at::kByte));
  }

  /// Levels of the pictures of the first column, from above: 24 pixels of margin, 10 between pictures.
  std::vector<int> column() {
    write_results_grid(results);
    const at::Tensor grid = io::read_image(folder / kGridFile);
    std::vector<int> levels;
    for (int64_t y = 24; y + 96 < grid.size(0); y += 106) levels.push_back(grid[y][24][0].item<int>());
    return levels;
  }

  testing::TemporaryFolder folder;
  reconstruction::Results results;
};

TEST_F(ResultsGrid, ShowsEveryModelBelowTheTarget) {
  EXPECT_EQ(column(), (std::vector<int>{10, 20, 30}));
}

TEST_F(ResultsGrid, ShowsTheChosenPicturesWhereThereWasAVote) {
  results.vote = "low-high";
  results.high_height = results.high_width = 192;
  EXPECT_EQ(column(), (std::vector<int>{10, 30, 50}));
}

}  // namespace
}  // namespace fmri2img::report
