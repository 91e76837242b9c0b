#include "fmri2img/simulation/scene.h"

#include <algorithm>

#include "fmri2img/simulation/random_stream.h"

namespace fmri2img::simulation {
namespace {

constexpr float kSecondThing = 0.45F;  // share of scenes with two things
constexpr float kBoatsAtSea = 0.5F;
constexpr float kHueVariation = 0.06F;  // of each channel

constexpr std::array<Colour, kHueNames.size()> kHueColours = {{{.85F, .12F, .12F},
                                                               {.96F, .53F, .08F},
                                                               {.97F, .86F, .15F},
                                                               {.15F, .62F, .18F},
                                                               {.15F, .33F, .88F},
                                                               {.58F, .18F, .72F},
                                                               {.95F, .95F, .95F},
                                                               {.45F, .27F, .12F}}};

/// Half widths of small, medium and large things.
struct ScaleRange {
  float low;
  float high;
};
constexpr std::array<ScaleRange, 3> kScales = {{{.27F, .35F}, {.42F, .52F}, {.60F, .78F}}};

template <class Enum, size_t kCount>
Enum draw(RandomStream& random, const std::array<std::string_view, kCount>& /*names*/) {
  return static_cast<Enum>(random.below(kCount));
}

Colour vary(Colour colour, RandomStream& random) {
  const auto shift = [&] { return random.uniform(-kHueVariation, kHueVariation); };
  const float r = shift();
  const float g = shift();
  const float b = shift();
  return clamp(colour + Colour{r, g, b});
}

/// Mostly medium and large.
Size draw_size(RandomStream& random) {
  const float u = random.uniform();
  return u < .2F ? Size::kSmall : u < .6F ? Size::kMedium : Size::kLarge;
}

Thing draw_thing(RandomStream& random) {
  Thing thing;
  thing.kind = draw<Kind>(random, kKindNames);
  thing.hue = draw<Hue>(random, kHueNames);
  thing.colour = vary(kHueColours[static_cast<size_t>(thing.hue)], random);
  thing.mirrored = random.chance(.5F) && thing.kind != Kind::kSign;  // letters are not mirrored
  thing.variation = random.bits();
  return thing;
}

/// The main thing stands on the ground, or on the lower edge where the ground is not in the picture.
void place_in_front(Thing& thing, float horizon, float side, RandomStream& random) {
  thing.size = draw_size(random);
  const ScaleRange range = kScales[static_cast<size_t>(thing.size)];
  thing.scale = random.uniform(range.low, range.high);
  const float room = std::max(1 - .85F * thing.scale, .05F);
  thing.x = side == 0 ? random.uniform(-1, 1) * room * .8F
                      : side * random.uniform(.15F, .45F) * (thing.size == Size::kLarge ? .9F : 1.1F);
  const float lowest = std::max(horizon, -.5F) * .8F + .25F;
  const float foot = lowest + random.uniform() * std::max(.92F - lowest, .05F);
  thing.y = std::min(std::max(foot - thing.scale, thing.scale - .95F), .93F - .9F * thing.scale);
}

/// The second thing stands further away, on the other side.
void place_behind(Thing& thing, float horizon, float side, RandomStream& random) {
  thing.size = Size::kSmall;
  thing.scale = random.uniform(.2F, .32F);
  thing.x = -side * random.uniform(.55F, .77F);
  thing.y = std::min(std::max(horizon, -.4F) + random.uniform(.1F, .4F) - .8F * thing.scale, .75F);
}

}  // namespace

Scene make_scene(uint64_t seed, int64_t index) {
  RandomStream random(seed, Use::kScene, static_cast<uint64_t>(index));
  Scene scene;
  scene.place = draw<Place>(random, kPlaceNames);
  scene.horizon = random.uniform(-1.2F, .9F);
  scene.sky_exposure = random.uniform(.35F, 1.1F);
  scene.ground_exposure = random.uniform(.45F, 1.2F);
  const float r = random.uniform(.92F, 1.08F);
  const float g = random.uniform(.92F, 1.08F);
  const float b = random.uniform(.92F, 1.08F);
  scene.tint = {r, g, b};
  scene.texture = random.bits();
  Thing front = draw_thing(random);
  if (front.kind == Kind::kBoat && random.chance(kBoatsAtSea)) scene.place = Place::kSea;
  Thing behind = draw_thing(random);
  const bool two = random.chance(kSecondThing) && behind.kind != front.kind;
  const float side = random.chance(.5F) ? -1.F : 1.F;
  if (two) {
    place_behind(behind, scene.horizon, side, random);
    scene.things.push_back(behind);
  }
  place_in_front(front, scene.horizon, two ? side : 0, random);
  scene.things.push_back(front);
  return scene;
}

}  // namespace fmri2img::simulation
