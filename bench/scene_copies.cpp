// Does a simulated subject look at a picture that the miniature zoo has learned from? Scenes of other seeds are
// compared with all training scenes as the leak guard compares pictures: by thumbnails, near copies included.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/json.h"
#include "fmri2img/data/picture_prints.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/training/zoo/scene_seeds.h"

namespace {

using namespace fmri2img;

constexpr int64_t kSide = 64;
constexpr int64_t kAtOnce = 10'000;

data::PicturePrints prints_of_scenes(uint64_t seed, int64_t first, int64_t count) {
  return data::picture_prints(count, [&](int64_t i) {
    return simulation::to_picture(simulation::paint_scene(simulation::make_scene(seed, first + i), kSide));
  });
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t seed = 42;
  int64_t scenes = 3000, learned = 1'000'000;
  CLI::App app("Near copies of training scenes among the scenes of another seed");
  app.add_option("--seed", seed);
  app.add_option("--scenes", scenes);
  app.add_option("--learned", learned);
  CLI11_PARSE(app, argc, argv);

  const data::PicturePrints looked_at = prints_of_scenes(seed, 0, scenes);
  Json copies = Json::array();
  for (int64_t first = 0; first < learned; first += kAtOnce) {
    const int64_t count = std::min(kAtOnce, learned - first);
    const data::PicturePrints piece = prints_of_scenes(training::kTrainingScenes, first, count);
    for (const data::NearCopy& pair :
         data::find_near_copies(looked_at, data::all_rows(scenes), piece, data::all_rows(count))) {
      copies.push_back({{"scene", pair.row}, {"learned", first + pair.other}, {"similarity", pair.similarity}});
    }
    fmt::print(stderr, "\r{} of {}", first + count, learned);
  }
  fmt::print("\n{}\n", Json{{"scenes", scenes}, {"learned", learned}, {"near_copies", copies}}.dump(2));
}
