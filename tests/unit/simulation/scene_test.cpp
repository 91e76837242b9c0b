#include "fmri2img/simulation/scene.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <map>
#include <numeric>
#include <set>

#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/simulation/paint_thing.h"
#include "fmri2img/simulation/picture_pool.h"
#include "fmri2img/simulation/scene_features.h"
#include "fmri2img/simulation/simulate_subject.h"

namespace fmri2img::simulation {
namespace {

at::Tensor picture(uint64_t seed, int64_t index, int64_t side = 32) {
  return to_picture(paint_scene(make_scene(seed, index), side));
}

TEST(Scene, DependsOnSeedAndIndexAlone) {
  EXPECT_TRUE(at::equal(picture(1, 5), picture(1, 5)));
  EXPECT_FALSE(at::equal(picture(1, 5), picture(1, 6)));
  EXPECT_FALSE(at::equal(picture(1, 5), picture(2, 5)));
}

TEST(Scene, ShowsEveryPlaceKindHueAndSize) {
  std::set<Place> places;
  std::set<Kind> kinds;
  std::set<Hue> hues;
  std::set<Size> sizes;
  int two = 0;
  for (int64_t i = 0; i < 500; ++i) {
    const Scene scene = make_scene(3, i);
    ASSERT_FALSE(scene.things.empty());
    places.insert(scene.place);
    kinds.insert(scene.things.back().kind);
    hues.insert(scene.things.back().hue);
    sizes.insert(scene.things.back().size);
    two += scene.things.size() == 2 ? 1 : 0;
  }
  EXPECT_EQ(places.size(), kPlaceNames.size());
  EXPECT_EQ(kinds.size(), kKindNames.size());
  EXPECT_EQ(hues.size(), kHueNames.size());
  EXPECT_EQ(sizes.size(), 3U);
  // A second thing in .45 x 11/12 (not of the same kind) = .41 of the scenes; five standard errors are .11.
  EXPECT_NEAR(two / 500.0, .41, .11);
}

TEST(Scene, KeepsTheFrontThingInThePicture) {
  for (int64_t i = 0; i < 500; ++i) {
    const Thing front = make_scene(4, i).things.back();
    EXPECT_LT(std::abs(front.x), 1) << "scene " << i;
    EXPECT_LT(std::abs(front.y), 1) << "scene " << i;
  }
}

TEST(Scene, EveryKindChangesThePictureInItsHue) {
  for (size_t kind = 0; kind < kKindNames.size(); ++kind) {
    SCOPED_TRACE(kKindNames[kind]);
    Scene scene;
    scene.things.push_back({.kind = static_cast<Kind>(kind), .scale = .8F, .colour = {1, 0, 1}});
    const at::Tensor with = to_picture(paint_scene(scene, 64)).to(at::kFloat);
    scene.things.clear();
    const at::Tensor without = to_picture(paint_scene(scene, 64)).to(at::kFloat);
    const at::Tensor change = (with - without).mean(at::IntArrayRef{0, 1});
    EXPECT_GT((with - without).abs().amax(2).gt(10).to(at::kFloat).mean().item<float>(), .1F);
    EXPECT_GT((change[0] + change[2]).item<float>(), 2 * change[1].item<float>());
  }
}

TEST(Scene, IsTheSamePictureAtAnotherSize) {
  for (int64_t i = 0; i < 20; ++i) {
    const at::Tensor large = picture(5, i, 128).to(at::kFloat).permute({2, 0, 1});
    const at::Tensor reduced = at::avg_pool2d(large.unsqueeze(0), 4).squeeze(0).permute({1, 2, 0});
    EXPECT_LT((reduced - picture(5, i, 32).to(at::kFloat)).abs().mean().item<float>(), 5) << "scene " << i;
  }
}

TEST(Scene, PicturesHaveLittleInCommon) {
  // With a fixed horizon and exposure the mean picture correlates .42 with a picture; here less than .35.
  std::vector<at::Tensor> pictures;
  for (int64_t i = 0; i < 400; ++i) pictures.push_back(picture(6, i, 16).to(at::kFloat).flatten());
  const at::Tensor all = at::stack(pictures);
  const at::Tensor mean = all.narrow(0, 0, 300).mean(0);
  const auto centred = [](const at::Tensor& rows) { return rows - rows.mean(-1, /*keepdim=*/true); };
  const at::Tensor rest = centred(all.narrow(0, 300, 100));
  const at::Tensor pattern = centred(mean);
  const at::Tensor correlation = rest.matmul(pattern) / (rest.norm(2, 1) * pattern.norm());
  EXPECT_LT(correlation.mean().item<float>(), .35F);
}

/// Shape: [pictures, 16 * 16 * 3], 0 .. 1.
at::Tensor small_pictures(uint64_t seed, const std::vector<int64_t>& ids) {
  std::vector<at::Tensor> pictures;
  for (const int64_t id : ids) pictures.push_back(picture(seed, id, 16).to(at::kFloat).flatten() / 255);
  return at::stack(pictures);
}

TEST(Scene, TestPicturesHaveNoTwinAmongThoseThatModelsLearnFrom) {
  // A zoo learns from scenes of seed 1, a subject of the default seed is tested on its own.
  std::vector<int64_t> learned(4000);
  std::iota(learned.begin(), learned.end(), int64_t{0});
  const at::Tensor training = small_pictures(1, learned);
  const at::Tensor test =
      small_pictures(SubjectSettings().seed, choose_pictures(SubjectSettings().seed, 1, 0, 600, 600).test);
  const at::Tensor rms = at::cdist(test, training) / std::sqrt(static_cast<float>(test.size(1)));
  EXPECT_GT(rms.min().item<float>(), .04F) << "ten of 255 levels";
}

TEST(Scene, ThingsStandOutFromTheirPlace) {
  // Against sky and ground of the thing's own colour, only shading and the rim show it.
  for (size_t kind = 0; kind < kKindNames.size(); ++kind) {
    for (const Colour ground : {Colour{.95F, .95F, .95F}, Colour{.45F, .27F, .12F}, Colour{.05F, .07F, .10F}}) {
      SCOPED_TRACE(kKindNames[kind]);
      Canvas canvas(64);
      for (int64_t i = 0; i < int64_t{64} * 64; ++i) canvas.at(i / 64, i % 64) = ground;
      paint_thing({.kind = static_cast<Kind>(kind), .scale = .25F, .colour = ground}, canvas);
      int64_t distinct = 0;
      for (const Colour& pixel : canvas.pixels()) {
        distinct += std::abs(luminance(pixel) - luminance(ground)) > .15F ? 1 : 0;
      }
      EXPECT_GT(distinct, 40) << "pixels of 256";
    }
  }
}

TEST(SceneFeatures, CountThingsBySizeAndTheOneBehindHalf) {
  Scene scene;
  scene.place = Place::kSea;
  scene.things.push_back({.kind = Kind::kBoat, .hue = Hue::kRed, .scale = .5F});
  scene.things.push_back({.kind = Kind::kFace, .hue = Hue::kRed, .x = -.25F, .scale = .7F});
  const SceneFeatures features = describe(scene);
  const auto of = [&](Attribute attribute) { return features[static_cast<size_t>(attribute)]; };
  EXPECT_FLOAT_EQ(of(Attribute::kFace), 1.2F);    // .5 + .7
  EXPECT_FLOAT_EQ(of(Attribute::kVehicle), .5F);  // (.5 + .5) / 2
  EXPECT_FLOAT_EQ(of(Attribute::kRightward), -.25F);
  EXPECT_FLOAT_EQ(of(Attribute::kPair), 1);
  EXPECT_FLOAT_EQ(features[kNumAttributes + kKindNames.size()], 1.7F);  // red: both things
}

}  // namespace
}  // namespace fmri2img::simulation
