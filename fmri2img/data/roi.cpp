#include "fmri2img/data/roi.h"

#include <algorithm>
#include <bit>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {

RoiAtlas::RoiAtlas(std::vector<std::string> order, std::map<std::string, std::vector<int64_t>> columns)
    : names_(std::move(order)), columns_(std::move(columns)) {
  for (auto& [name, vertices] : columns_) {
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  }
  for (const std::string& name : names_) FMRI2IMG_ASSERT(columns_.contains(name));
}

const std::vector<int64_t>& RoiAtlas::vertices(const std::string& name) const {
  const auto found = columns_.find(name);
  FMRI2IMG_CHECK(found != columns_.end(), "there is no ROI \"{}\"{}", name, did_you_mean(name, names_));
  return found->second;
}

std::string VertexSelection::hash() const {
  static_assert(std::endian::native == std::endian::little, "the hash is over little-endian numbers");
  return sha256(std::as_bytes(std::span(columns)));
}

const std::vector<std::string>& roi_set(const std::string& set) {
  static const std::map<std::string, std::vector<std::string>> sets = {
      {"set1", {"V1v", "V1d", "V2v", "V2d", "V3v", "V3d", "hV4", "FFA-1", "FFA-2", "PPA"}},
      {"set2",
       {"EBA", "FBA-1", "FBA-2", "mTL-bodies", "OFA", "FFA-1", "FFA-2", "mTL-faces", "aTL-faces", "OPA", "PPA", "RSC"}},
      {"set3", {"early", "midventral", "midlateral", "midparietal", "ventral", "lateral", "parietal"}}};
  const auto found = sets.find(set);
  FMRI2IMG_ASSERT(found != sets.end());
  return found->second;
}

}  // namespace fmri2img::data
