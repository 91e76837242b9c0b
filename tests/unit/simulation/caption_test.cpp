#include "fmri2img/simulation/caption.h"

#include <gtest/gtest.h>

#include <set>

namespace fmri2img::simulation {
namespace {

Scene scene_of(Place place, std::vector<Thing> things) {
  Scene scene;
  scene.place = place;
  scene.things = std::move(things);
  return scene;
}

TEST(Caption, NamesTheFrontThingFirst) {
  const Thing person{.kind = Kind::kPerson, .hue = Hue::kBlue, .size = Size::kSmall};
  const Thing car{.kind = Kind::kCar, .hue = Hue::kRed, .size = Size::kLarge};
  EXPECT_EQ(caption(scene_of(Place::kBeach, {person, car})), "a large red car and a person in blue on the beach");
}

TEST(Caption, HasAWordForSmallAndLargeAndTheRightArticle) {
  const auto of = [](Kind kind, Size size, Place place) {
    return caption(scene_of(place, {{.kind = kind, .hue = Hue::kOrange, .size = size}}));
  };
  EXPECT_EQ(of(Kind::kFish, Size::kMedium, Place::kSea), "an orange fish on the sea");
  EXPECT_EQ(of(Kind::kFish, Size::kSmall, Place::kNight), "a small orange fish at night");
  EXPECT_EQ(of(Kind::kPerson, Size::kSmall, Place::kRoom), "a small person in orange in a room");
  EXPECT_EQ(of(Kind::kFace, Size::kMedium, Place::kGrass), "a face with orange hair on the grass");
  EXPECT_EQ(of(Kind::kHouse, Size::kLarge, Place::kSnow), "a large orange house in the snow");
  EXPECT_EQ(of(Kind::kSign, Size::kLarge, Place::kStreet), "a large orange sign on the street");
}

TEST(Caption, IsReadBack) {
  std::set<std::string> captions;
  for (int64_t i = 0; i < 3000; ++i) {
    const Scene scene = make_scene(8, i);
    const std::string text = caption(scene);
    SCOPED_TRACE(text);
    const NamedInCaption named = read_caption(text);
    EXPECT_EQ(named.kind, scene.things.back().kind);
    EXPECT_EQ(named.hue, scene.things.back().hue);
    EXPECT_EQ(named.place, scene.place);
    captions.insert(text);
  }
  EXPECT_GT(captions.size(), 1500U);
}

TEST(Caption, IsReadFromWhateverACaptionerSays) {
  const NamedInCaption loud = read_caption("\xC3\xA9 BLUE,Face!with red hair. in a room");
  EXPECT_EQ(loud.kind, Kind::kFace);
  EXPECT_EQ(loud.hue, Hue::kBlue);
  EXPECT_EQ(loud.place, Place::kRoom);
  const NamedInCaption wordless = read_caption("carpets, greens and seaside: treehouse");
  EXPECT_FALSE(wordless.kind || wordless.hue || wordless.place);
  const NamedInCaption empty = read_caption("");
  EXPECT_FALSE(empty.kind || empty.hue || empty.place);
}

}  // namespace
}  // namespace fmri2img::simulation
