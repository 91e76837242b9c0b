#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fmri2img::data {

/// Which vertices belong to which region of interest (ROI). Regions of different classes overlap.
class RoiAtlas {
 public:
  /// No regions at all: a subject without ROI files.
  RoiAtlas() = default;

  /// Regions by name; columns are sorted and freed of repeats. `order` is the order of `names`.
  RoiAtlas(std::vector<std::string> order, std::map<std::string, std::vector<int64_t>> columns);

  /// Every named region, empty ones too, class by class in the order of their codes.
  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const { return columns_.contains(name); }

  /// Sorted columns of the response matrix; empty for a region that this subject lacks.
  /// Throws Error with the nearest names if there is no such region.
  const std::vector<int64_t>& vertices(const std::string& name) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::vector<int64_t>> columns_;
};

/// Reads `roi_masks`: mapping_<class>.npy with {lh,rh}.<class>_challenge_space.npy (or `_space.npy`) for each class
/// there.
///
/// A region is the union over both hemispheres; the right one's columns start at `left_vertices`. Code 0 is no region.
/// A folder that does not exist gives an empty atlas.
/// Throws Error if a mask is missing, is not whole numbers, or has another length than its hemisphere.
RoiAtlas read_roi_atlas(const std::filesystem::path& folder, int64_t left_vertices, int64_t right_vertices);

/// The regions of "set1", "set2" or "set3". REQUIRES: `set` is one of these.
const std::vector<std::string>& roi_set(const std::string& set);

/// The vertices that a decoder uses.
struct VertexSelection {
  std::string expression = "none";  ///< as typed
  std::vector<int64_t> columns;     ///< ascending columns of the response matrix
  int64_t num_vertices = 0;         ///< width of the matrix that the columns index

  /// SHA-256 of the columns as little-endian int64: equal for equal columns, however they were expressed.
  std::string hash() const;
};

/// Evaluates an expression over regions: "set1 | set2 - hV4", "(FFA-1 | FFA-2) & ventral".
///
/// Operands: names of the atlas, "set1", "set2", "set3", and "none" or "all", both of which mean every vertex.
/// Operators: `|` union, `-` difference, `&` intersection, parentheses. `&` binds tighter; `|` and `-` go from left to
/// right. Names win over operators: where "FFA-1" is a name, `FFA-1` is that name, and `V1v-V1d` is still a difference.
///
/// Regions without vertices are named in one warning. Throws Error (bad input) for an unknown name (with the nearest
/// ones) or an empty result, and (wrong usage) for a malformed expression.
VertexSelection select_vertices(const RoiAtlas& atlas, const std::string& expression, int64_t num_vertices);

}  // namespace fmri2img::data
