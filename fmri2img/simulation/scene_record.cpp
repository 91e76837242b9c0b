#include "fmri2img/simulation/scene_record.h"

#include <algorithm>
#include <cmath>

#include "fmri2img/simulation/caption.h"

namespace fmri2img::simulation {
namespace {

double rounded(float value) {
  return std::round(double{value} * 1e4) / 1e4;
}

Json thing_record(const Thing& thing) {
  return {{"kind", name_of(thing.kind, kKindNames)},
          {"hue", name_of(thing.hue, kHueNames)},
          {"size", name_of(thing.size, kSizeNames)},
          {"x", rounded(thing.x)},
          {"y", rounded(thing.y)},
          {"scale", rounded(thing.scale)}};
}

}  // namespace

Json scene_record(const Scene& scene) {
  Json things = Json::array();
  for (const Thing& thing : scene.things) things.push_back(thing_record(thing));
  std::reverse(things.begin(), things.end());
  return {{"text", caption(scene)},
          {"place", name_of(scene.place, kPlaceNames)},
          {"horizon", rounded(scene.horizon)},
          {"things", things}};
}

}  // namespace fmri2img::simulation
