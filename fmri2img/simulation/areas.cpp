#include "fmri2img/simulation/areas.h"

#include <algorithm>

namespace fmri2img::simulation {
namespace {

using A = Attribute;

constexpr float kPrf = 1;    // receptive fields alone
constexpr float kTuned = 0;  // categories alone
constexpr float kBetween = .6F;

std::vector<Area> make_areas() {
  const Retinotopy v1{Field::kUpperQuarter, .35F, .08F};
  const Retinotopy v2{Field::kUpperQuarter, .45F, .12F};
  const Retinotopy v3{Field::kUpperQuarter, .60F, .18F};
  const Retinotopy v4{Field::kHalf, .90F, .25F};
  const Retinotopy mid{Field::kHalf, 1.2F, .30F};
  const auto dorsal = [](Retinotopy retinotopy) {
    retinotopy.field = Field::kLowerQuarter;
    return retinotopy;
  };
  return {
      {{"V1v", "early"}, .035, kPrf, v1, {}},
      {{"V1d", "early"}, .035, kPrf, dorsal(v1), {}},
      {{"V2v", "early"}, .032, kPrf, v2, {}},
      {{"V2d", "early"}, .032, kPrf, dorsal(v2), {}},
      {{"V3v", "early"}, .028, kPrf, v3, {}},
      {{"V3d", "early"}, .028, kPrf, dorsal(v3), {}},
      {{"early"}, .060, kPrf, {Field::kHalf, .60F, .18F}, {}},
      {{"hV4", "midventral"}, .030, .85F, v4, {{A::kPlant, .3F}}},
      {{"midventral"}, .050, kBetween, mid, {{A::kPlant, .3F}, {A::kVehicle, .2F}}},
      {{"midlateral"}, .050, kBetween, mid, {{A::kSize, .4F}, {A::kBody, .2F}}},
      {{"midparietal"}, .050, kBetween, mid, {{A::kRightward, .6F}, {A::kDownward, .4F}}},
      {{"EBA", "lateral"}, .070, kTuned, {}, {{A::kBody, 1}}},
      {{"FBA-1", "ventral"}, .015, kTuned, {}, {{A::kBody, 1}, {A::kFace, .3F}}},
      {{"FBA-2", "ventral"}, .020, kTuned, {}, {{A::kBody, 1}, {A::kAnimal, .4F}}},
      {{"FBA-2", "FFA-2", "ventral"}, .005, kTuned, {}, {{A::kBody, .8F}, {A::kFace, .8F}}},
      {{"mTL-bodies", "lateral"}, .005, kTuned, {}, {{A::kBody, .8F}, {A::kAnimal, .3F}}},
      {{"OFA", "lateral"}, .010, kTuned, {}, {{A::kFace, 1}}},
      {{"FFA-1", "ventral"}, .012, kTuned, {}, {{A::kFace, 1}}},
      {{"FFA-2", "ventral"}, .012, kTuned, {}, {{A::kFace, 1}, {A::kBody, .3F}}},
      {{"mTL-faces", "lateral"}, .005, kTuned, {}, {{A::kFace, .8F}}},
      {{"aTL-faces", "ventral"}, .005, kTuned, {}, {{A::kFace, .7F}, {A::kAnimal, .2F}}},
      {{"OPA", "lateral"}, .030, kTuned, {}, {{A::kPlace, 1}, {A::kOpenness, .5F}}},
      {{"PPA", "ventral"}, .030, kTuned, {}, {{A::kPlace, 1}, {A::kVehicle, .3F}}},
      {{"RSC"}, .020, kTuned, {}, {{A::kPlace, .9F}, {A::kOpenness, -.6F}}},
      {{"OWFA", "lateral"}, .010, kTuned, {}, {{A::kWord, 1}}},
      {{"VWFA-1", "ventral"}, .015, kTuned, {}, {{A::kWord, 1}}},
      {{"VWFA-2", "ventral"}, .010, kTuned, {}, {{A::kWord, 1}, {A::kFace, .2F}}},
      {{"mfs-words", "ventral"}, .006, kTuned, {}, {{A::kWord, .7F}}},
      {{"mTL-words", "lateral"}, .006, kTuned, {}, {{A::kWord, .7F}}},
      {{"ventral"}, .090, kTuned, {}, {{A::kAnimal, .4F}, {A::kPlant, .4F}, {A::kVehicle, .3F}}},
      {{"lateral"}, .100, kTuned, {}, {{A::kBody, .4F}, {A::kAnimal, .3F}, {A::kSize, .3F}}},
      {{"parietal"}, .094, kTuned, {}, {{A::kRightward, .6F}, {A::kSize, .5F}, {A::kPair, .4F}}},
  };
}

}  // namespace

const std::vector<Area>& areas() {
  static const std::vector<Area> all = make_areas();
  return all;
}

const std::vector<RegionClass>& region_classes() {
  static const std::vector<RegionClass> classes = {
      {"prf-visualrois", {"V1v", "V1d", "V2v", "V2d", "V3v", "V3d", "hV4"}},
      {"floc-bodies", {"EBA", "FBA-1", "FBA-2", "mTL-bodies"}},
      {"floc-faces", {"OFA", "FFA-1", "FFA-2", "mTL-faces", "aTL-faces"}},
      {"floc-places", {"OPA", "PPA", "RSC"}},
      {"floc-words", {"OWFA", "VWFA-1", "VWFA-2", "mfs-words", "mTL-words"}},
      {"streams", {"early", "midventral", "midlateral", "midparietal", "ventral", "lateral", "parietal"}}};
  return classes;
}

int64_t RegionClass::code(const Area& area) const {
  for (size_t i = 0; i < regions.size(); ++i) {
    if (std::find(area.regions.begin(), area.regions.end(), regions[i]) != area.regions.end()) {
      return static_cast<int64_t>(i) + 1;
    }
  }
  return 0;
}

}  // namespace fmri2img::simulation
