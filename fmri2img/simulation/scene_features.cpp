#include "fmri2img/simulation/scene_features.h"

#include <algorithm>

namespace fmri2img::simulation {
namespace {

constexpr float kBehind = 0.5F;  // what the thing behind counts

/// Numbers for the members of one enumeration, somewhere in the features.
template <class Enum> class FeatureGroup {
 public:
  FeatureGroup(SceneFeatures& features, size_t first) : features_(features), first_(first) {}
  float& operator[](Enum member) { return features_[first_ + static_cast<size_t>(member)]; }

 private:
  SceneFeatures& features_;
  size_t first_;
};

}  // namespace

SceneFeatures describe(const Scene& scene) {
  SceneFeatures features{};
  FeatureGroup<Attribute> attribute(features, 0);
  FeatureGroup<Kind> kind(features, kNumAttributes);
  FeatureGroup<Hue> hue(features, kNumAttributes + kKindNames.size());
  FeatureGroup<Place> place(features, kNumAttributes + kKindNames.size() + kHueNames.size());
  const Thing& front = scene.things.back();
  for (const Thing& thing : scene.things) {
    const float weight = (.5F + thing.scale) * (&thing == &front ? 1 : kBehind);
    kind[thing.kind] += weight;
    hue[thing.hue] += weight;
  }
  place[scene.place] = 1;
  attribute[Attribute::kFace] = kind[Kind::kFace] + .45F * kind[Kind::kCat] + .35F * kind[Kind::kPerson];
  attribute[Attribute::kBody] = kind[Kind::kPerson] + .35F * kind[Kind::kCat] + .2F * kind[Kind::kFish];
  attribute[Attribute::kPlace] = .9F * kind[Kind::kHouse] + place[Place::kStreet] + .7F * place[Place::kRoom] +
                                 .5F * place[Place::kBeach] + .4F * place[Place::kGrass] - .3F * front.scale;
  attribute[Attribute::kWord] = kind[Kind::kSign] + .15F * kind[Kind::kHouse];
  attribute[Attribute::kAnimal] = kind[Kind::kCat] + kind[Kind::kFish];
  attribute[Attribute::kVehicle] = kind[Kind::kCar] + kind[Kind::kTrain] + kind[Kind::kBoat];
  attribute[Attribute::kPlant] = kind[Kind::kTree] + kind[Kind::kFlower];
  attribute[Attribute::kSize] = front.scale;
  attribute[Attribute::kRightward] = front.x;
  attribute[Attribute::kDownward] = front.y;
  attribute[Attribute::kPair] = scene.things.size() > 1 ? 1 : 0;
  attribute[Attribute::kOpenness] =
      place[Place::kGrass] + place[Place::kBeach] + place[Place::kSea] - place[Place::kRoom] + scene.horizon;
  return features;
}

}  // namespace fmri2img::simulation
