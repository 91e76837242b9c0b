#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "fmri2img/simulation/anatomy.h"
#include "fmri2img/simulation/category_tuning.h"
#include "fmri2img/simulation/receptive_field.h"
#include "fmri2img/simulation/standard.h"

namespace fmri2img::simulation {

/// Up to kLanes scenes, drawn: what the encoding model takes at a time.
struct SceneBlock {
  std::vector<Scene> scenes;
  std::vector<Canvas> canvases;  ///< Retina::kSide wide

  /// Draws them; parallel.
  explicit SceneBlock(std::vector<Scene> scenes_to_draw);
};

/// Scenes to the noiseless responses of one subject's vertices.
///
/// A vertex's signal is r V + (1 - r) C, standardised: V is a mixture of the three visual responses of its receptive
/// field, C its category tuning, r its area's `retinotopic`. V's parts, C and the sum are brought to mean 0 and
/// variance 1 over 256 scenes of the calibration's own. doc/simulation.md has the formulas and their sources.
class EncodingModel {
 public:
  /// `anatomy` must outlive the model. The vertices follow from `seed` and `subject`.
  EncodingModel(const Anatomy& anatomy, uint64_t seed, int64_t subject);

  /// Parallel over vertices; equal bytes for any number of threads, and for any grouping of the scenes.
  /// Shape of the result: float32 [scenes, vertices].
  at::Tensor signals(const SceneBlock& block) const;

  /// An upper bound for a model of that many vertices.
  static int64_t memory_bytes(int64_t vertices);

 private:
  static constexpr size_t kVisual = 3;

  struct Vertex {
    std::optional<ReceptiveFilter> filter;
    std::array<float, kVisual> visual_weights{};
    std::optional<CategoryTuning> tuning;
    float retinotopic = 0;
    std::array<Standard, kVisual> visual_standard;
    Standard tuning_standard;
    Standard standard;
  };
  struct Seen;

  Vertex make_vertex(int64_t index, uint64_t seed, int64_t subject) const;
  void calibrate(uint64_t seed);
  static void calibrate(Vertex& vertex, const std::vector<Seen>& sample);
  Seen see(const SceneBlock& block) const;
  static Lanes mixed(const Vertex& vertex, const Seen& seen);

  const Anatomy& anatomy_;
  std::array<Standard, kNumFeatures> feature_standard_;
  std::vector<Vertex> vertices_;
};

}  // namespace fmri2img::simulation
