#include "fmri2img/report/results_grid.h"

#include <iterator>
#include <map>

#include "fmri2img/data/picture_grid.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::report {
namespace {

constexpr int64_t kOneBand = 12;  // so many columns still stand side by side

/// Targets and high-level images may be larger than low-level pictures.
at::Tensor at_grid_size(const reconstruction::Results& results, const at::Tensor& picture) {
  return reconstruction::at_codec_size(picture, {results.height, results.width, 3});
}

}  // namespace

void write_results_grid(const reconstruction::Results& results, int64_t most) {
  std::vector<data::GridColumn> columns;
  std::map<int64_t, size_t> column_of;  // by trial
  for (const reconstruction::ResultRow& row : results.rows) {
    if (!column_of.contains(row.trial)) {
      if (static_cast<int64_t>(columns.size()) == most) continue;
      column_of[row.trial] = columns.size();
      columns.emplace_back();
      if (!row.target.empty())
        columns.back().push_back(at_grid_size(results, io::read_image(results.folder / row.target)));
    }
    if (results.vote.empty()) {
      columns[column_of[row.trial]].push_back(io::read_image(results.folder / row.low));
    } else if (row.voted) {
      columns[column_of[row.trial]].push_back(io::read_image(results.folder / row.low));
      columns[column_of[row.trial]].push_back(at_grid_size(results, io::read_image(results.folder / row.high)));
    }
  }
  data::GridOptions options;
  if (std::ssize(columns) <= kOneBand) options.columns = kOneBand;
  io::write_png(results.folder / kGridFile, data::draw_picture_grid(columns, options));
}

}  // namespace fmri2img::report
