#include "fmri2img/simulation/anatomy.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/roi_mapping.h"

namespace fmri2img::simulation {
namespace {

/// Appends one hemisphere: each area ends where the shares up to it end, rounded.
void append_hemisphere(int64_t vertices, std::vector<size_t>& area_of) {
  double share = 0;
  int64_t begin = 0;
  for (size_t index = 0; index < areas().size(); ++index) {
    share += areas()[index].share;
    const bool last = index + 1 == areas().size();
    const int64_t end = last ? vertices : std::llround(share * static_cast<double>(vertices));
    area_of.insert(area_of.end(), static_cast<size_t>(end - begin), index);
    begin = end;
  }
}

/// The places on fsaverage of a hemisphere's `count` vertices.
at::Tensor fsaverage_places(int64_t count) {
  return at::floor_divide(at::arange(count, at::kLong) * kFsaverageVertices, count);
}

void write_fsaverage(const std::filesystem::path& file, const at::Tensor& challenge) {
  at::Tensor mask = at::zeros({kFsaverageVertices}, at::kLong);
  mask.index_put_({fsaverage_places(challenge.size(0))}, challenge);
  io::write_npy(file, mask);
}

void write_mapping(const std::filesystem::path& folder, const RegionClass& region_class) {
  std::map<int64_t, std::string> mapping{{0, "Unknown"}};
  for (const std::string_view region : region_class.regions) {
    mapping[static_cast<int64_t>(mapping.size())] = region;
  }
  io::write_roi_mapping(folder / fmt::format("mapping_{}.npy", region_class.name), mapping);
}

}  // namespace

Anatomy::Anatomy(int64_t left, int64_t right) : left_(left) {
  FMRI2IMG_ASSERT(left >= 1 && right >= 1 && left <= kFsaverageVertices && right <= kFsaverageVertices);
  append_hemisphere(left, area_of_);
  append_hemisphere(right, area_of_);
}

void Anatomy::write_roi_masks(const std::filesystem::path& folder) const {
  for (const RegionClass& region_class : region_classes()) write_mapping(folder, region_class);
  for (const auto& [hemisphere, begin, end] : {std::tuple("lh", int64_t{0}, left_), std::tuple("rh", left_, size())}) {
    write_fsaverage(folder / fmt::format("{}.all-vertices_fsaverage_space.npy", hemisphere),
                    at::ones({end - begin}, at::kLong));
    for (const RegionClass& region_class : region_classes()) {
      at::Tensor codes = at::empty({end - begin}, at::kLong);
      for (int64_t v = begin; v < end; ++v) codes.mutable_data_ptr<int64_t>()[v - begin] = region_class.code(area(v));
      const std::string name = fmt::format("{}.{}", hemisphere, region_class.name);
      io::write_npy(folder / (name + "_challenge_space.npy"), codes);
      write_fsaverage(folder / (name + "_fsaverage_space.npy"), codes);
    }
  }
}

}  // namespace fmri2img::simulation
