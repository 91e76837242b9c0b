#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/data/subject.h"

namespace fmri2img::experiments {

/// A region, or its half in one hemisphere, among chosen vertices.
struct RoiPart {
  std::string roi;
  std::string hemisphere;          ///< "left", "right" or "both"
  std::vector<int64_t> positions;  ///< ascending indices into the chosen vertices

  /// "FFA-1 left".
  std::string name() const { return roi + " " + hemisphere; }
};

/// The regions `names` (empty: every region of the subject) among the ascending `columns` of its responses, each as a
/// whole and, where the responses have hemispheres, left and right. Parts without a vertex are left out.
///
/// Throws Error (bad input) if the subject has no ROI files or none of the regions has a vertex here, and as
/// `RoiAtlas::vertices` for an unknown name.
std::vector<RoiPart> roi_parts(const data::Subject& subject,
                               const std::vector<int64_t>& columns,
                               const std::vector<std::string>& names);

/// Regions of `names` (empty: every region) that no part of `parts` is of.
std::vector<std::string> absent_rois(const data::Subject& subject,
                                     const std::vector<std::string>& names,
                                     const std::vector<RoiPart>& parts);

}  // namespace fmri2img::experiments
