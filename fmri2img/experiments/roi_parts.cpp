#include "fmri2img/experiments/roi_parts.h"

#include <algorithm>
#include <utility>

#include "fmri2img/core/check.h"

namespace fmri2img::experiments {
namespace {

const std::vector<std::string>& asked_names(const data::Subject& subject, const std::vector<std::string>& names) {
  return names.empty() ? subject.rois().names() : names;
}

/// Indices into `columns` of those that are in `vertices` and in [first, last). Both lists ascend.
std::vector<int64_t> positions_of(const std::vector<int64_t>& columns,
                                  const std::vector<int64_t>& vertices,
                                  int64_t first,
                                  int64_t last) {
  std::vector<int64_t> positions;
  for (size_t i = 0; i < columns.size(); ++i) {
    const int64_t column = columns[i];
    if (column < first || column >= last) continue;
    if (std::binary_search(vertices.begin(), vertices.end(), column)) positions.push_back(static_cast<int64_t>(i));
  }
  return positions;
}

}  // namespace

std::vector<RoiPart> roi_parts(const data::Subject& subject,
                               const std::vector<int64_t>& columns,
                               const std::vector<std::string>& names) {
  FMRI2IMG_CHECK(!subject.rois().names().empty(),
                 "\"{}\" has no ROI masks: this analysis needs the subject's roi_masks folder (mapping_*.npy and "
                 "{{lh,rh}}.*_challenge_space.npy)",
                 subject.path().string());
  const std::vector<int64_t>& widths = subject.responses(data::Partition::kTrain).vertices_of_files();
  const int64_t left = widths.front(), all = subject.num_vertices();
  std::vector<RoiPart> parts;
  const auto add = [&](const std::string& roi, const std::string& hemisphere, int64_t first, int64_t last) {
    std::vector<int64_t> positions = positions_of(columns, subject.rois().vertices(roi), first, last);
    if (!positions.empty()) parts.push_back({roi, hemisphere, std::move(positions)});
  };
  for (const std::string& roi : asked_names(subject, names)) {
    add(roi, "both", 0, all);
    if (widths.size() < 2) continue;
    add(roi, "left", 0, left);
    add(roi, "right", left, all);
  }
  FMRI2IMG_CHECK(
      !parts.empty(),
      "none of the regions has a vertex among the {} that are used here: choose regions that the decoder reads",
      columns.size());
  return parts;
}

std::vector<std::string> absent_rois(const data::Subject& subject,
                                     const std::vector<std::string>& names,
                                     const std::vector<RoiPart>& parts) {
  std::vector<std::string> absent;
  for (const std::string& roi : asked_names(subject, names)) {
    const bool there = std::any_of(parts.begin(), parts.end(), [&](const RoiPart& part) { return part.roi == roi; });
    if (!there) absent.push_back(roi);
  }
  return absent;
}

}  // namespace fmri2img::experiments
