#include "fmri2img/simulation/encoding_model.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace fmri2img::simulation {
namespace {

std::vector<Scene> scenes(int64_t first, int64_t count) {
  std::vector<Scene> result;
  for (int64_t i = 0; i < count; ++i) result.push_back(make_scene(9, first + i));
  return result;
}

at::Tensor signals_of(const EncodingModel& model, int64_t count) {
  std::vector<at::Tensor> pieces;
  for (int64_t first = 0; first < count; first += 32) pieces.push_back(model.signals(SceneBlock(scenes(first, 32))));
  return at::cat(pieces);
}

/// The columns of the region's vertices.
at::Tensor columns_of(const Anatomy& anatomy, std::string_view region) {
  std::vector<int64_t> columns;
  for (int64_t v = 0; v < anatomy.size(); ++v) {
    if (anatomy.area(v).regions.front() == region) columns.push_back(v);
  }
  return at::tensor(columns);
}

TEST(EncodingModel, SignalsAreStandardised) {
  const Anatomy anatomy(150, 150);
  const at::Tensor signals = signals_of(EncodingModel(anatomy, 9, 1), 512);
  // The calibration has 256 other scenes: five standard errors of a mean are about .4.
  EXPECT_LT(signals.mean(0).abs().max().item<float>(), .45F);
  EXPECT_NEAR(signals.var(0).mean().item<float>(), 1, .1F);
}

TEST(EncodingModel, DoesNotDependOnThreadsOrPieces) {
  const Anatomy anatomy(100, 100);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor single = EncodingModel(anatomy, 9, 1).signals(SceneBlock(scenes(0, 32)));
  at::set_num_threads(3);
  const EncodingModel model(anatomy, 9, 1);
  const at::Tensor several = model.signals(SceneBlock(scenes(0, 32)));
  const at::Tensor piece = model.signals(SceneBlock(scenes(10, 3)));
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(single, several));
  EXPECT_TRUE(at::equal(single.narrow(0, 10, 3), piece));
}

TEST(EncodingModel, SubjectsDiffer) {
  const Anatomy anatomy(50, 50);
  const SceneBlock block(scenes(0, 8));
  EXPECT_FALSE(at::equal(EncodingModel(anatomy, 9, 1).signals(block), EncodingModel(anatomy, 9, 2).signals(block)));
}

TEST(EncodingModel, RegionsPreferTheirCategories) {
  const Anatomy anatomy(400, 400);
  const EncodingModel model(anatomy, 9, 1);
  const at::Tensor signals = signals_of(model, 512);
  const auto preference = [&](std::string_view region, Kind kind) {
    std::vector<float> shown;
    for (const Scene& scene : scenes(0, 512)) shown.push_back(scene.things.back().kind == kind ? 1.F : 0.F);
    const at::Tensor is_shown = at::tensor(shown);
    const at::Tensor region_mean = signals.index_select(1, columns_of(anatomy, region)).mean(1);
    return ((region_mean * is_shown).sum() / is_shown.sum()).item<float>();
  };
  EXPECT_GT(preference("FFA-1", Kind::kFace), 1);
  EXPECT_GT(preference("EBA", Kind::kPerson), 1);
  EXPECT_GT(preference("VWFA-1", Kind::kSign), 1);
  EXPECT_LT(preference("FFA-1", Kind::kCar), .3F);
}

}  // namespace
}  // namespace fmri2img::simulation
