#include <ATen/ATen.h>
#include <fmt/format.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/simulation/caption.h"
#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kSceneSide = 64;

class DrawnScenes : public CaptionedPictures {
 public:
  DrawnScenes(uint64_t seed, int64_t count) : seed_(seed), count_(count) {
    FMRI2IMG_CHECK_USAGE(count >= 1, "{} drawn scenes: at least 1 is needed", count);
  }

  int64_t size() const override { return count_; }
  int64_t side() const override { return kSceneSide; }

  CaptionedBatch read(std::span<const int64_t> rows) const override {
    CaptionedBatch batch{at::empty({static_cast<int64_t>(rows.size()), 3, kSceneSide, kSceneSide}, at::kByte), {}};
    for (size_t i = 0; i < rows.size(); ++i) {
      FMRI2IMG_ASSERT(rows[i] >= 0 && rows[i] < count_);
      const simulation::Scene scene = simulation::make_scene(seed_, rows[i]);
      const at::Tensor picture = simulation::to_picture(simulation::paint_scene(scene, kSceneSide));
      batch.pictures[static_cast<int64_t>(i)].copy_(picture.permute({2, 0, 1}));
      batch.captions.push_back(simulation::caption(scene));
    }
    return batch;
  }

  std::string caption(int64_t row) const override { return simulation::caption(simulation::make_scene(seed_, row)); }

  std::string description() const override {
    return fmt::format("{} drawn scenes of seed {}", format_count(count_), seed_);
  }

 private:
  uint64_t seed_;
  int64_t count_;
};

}  // namespace

std::unique_ptr<CaptionedPictures> drawn_scenes(uint64_t seed, int64_t count) {
  return std::make_unique<DrawnScenes>(seed, count);
}

}  // namespace fmri2img::training
