#include "fmri2img/training/zoo/contact_sheet.h"

#include <algorithm>

#include "fmri2img/data/picture_grid.h"
#include "fmri2img/io/image.h"

namespace fmri2img::training {
namespace {

constexpr data::GridOptions kSheet{.columns = 12, .smallest_side = 64, .gap = 4, .margin = 12};

}  // namespace

void write_contact_sheet(const std::filesystem::path& folder,
                         const CaptionedBatch& batch,
                         const std::vector<at::Tensor>& made) {
  const int64_t count = std::min({kOnContactSheet, batch.pictures.size(0), std::ssize(made)});
  std::vector<data::GridColumn> columns;
  for (int64_t i = 0; i < count; ++i) {
    columns.push_back({batch.pictures[i].permute({1, 2, 0}), made[static_cast<size_t>(i)]});
  }
  io::write_png(folder / kContactSheet, data::draw_picture_grid(columns, kSheet));
}

}  // namespace fmri2img::training
