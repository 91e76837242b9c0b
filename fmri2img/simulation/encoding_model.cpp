#include "fmri2img/simulation/encoding_model.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>

#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/simulation/picture_pool.h"

namespace fmri2img::simulation {
namespace {

constexpr int64_t kCalibrationScenes = 256;
constexpr int64_t kVertexGrain = 16;

/// Most vertices do one thing more than the others: squares of uniform numbers, scaled to norm 1.
std::array<float, 3> draw_visual_weights(RandomStream& random) {
  std::array<float, 3> weights{};
  float squares = 0;
  for (float& weight : weights) {
    const float u = random.uniform(.01F, 1);
    weight = u * u;
    squares += weight * weight;
  }
  for (float& weight : weights) weight /= std::sqrt(squares);
  return weights;
}

}  // namespace

/// A block as the two ways into the brain have it.
struct EncodingModel::Seen {
  Retina retina;
  std::vector<SceneFeatures> features;
};

SceneBlock::SceneBlock(std::vector<Scene> scenes_to_draw)
    : scenes(std::move(scenes_to_draw)), canvases(scenes.size(), Canvas(Retina::kSide)) {
  at::parallel_for(0, static_cast<int64_t>(scenes.size()), 1, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      canvases[i] = paint_scene(scenes[i], Retina::kSide);
    }
  });
}

EncodingModel::EncodingModel(const Anatomy& anatomy, uint64_t seed, int64_t subject)
    : anatomy_(anatomy), vertices_(static_cast<size_t>(anatomy.size())) {
  at::parallel_for(0, anatomy.size(), kVertexGrain, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) vertices_[static_cast<size_t>(v)] = make_vertex(v, seed, subject);
  });
  calibrate(seed);
}

EncodingModel::Vertex EncodingModel::make_vertex(int64_t index, uint64_t seed, int64_t subject) const {
  RandomStream random(seed, Use::kVertex, static_cast<uint64_t>(subject), static_cast<uint64_t>(index));
  const Area& area = anatomy_.area(index);
  Vertex vertex;
  vertex.retinotopic = area.retinotopic;
  if (area.retinotopic > 0) {
    vertex.filter.emplace(ReceptiveField::draw(area.retinotopy, anatomy_.is_left(index), random));
    vertex.visual_weights = draw_visual_weights(random);
  }
  if (area.retinotopic < 1) vertex.tuning.emplace(area, random);
  return vertex;
}

EncodingModel::Seen EncodingModel::see(const SceneBlock& block) const {
  Seen seen{Retina(block.canvases), {}};
  for (const Scene& scene : block.scenes) {
    SceneFeatures features = describe(scene);
    for (size_t i = 0; i < kNumFeatures; ++i) features[i] = feature_standard_[i](features[i]);
    seen.features.push_back(features);
  }
  return seen;
}

void EncodingModel::calibrate(uint64_t seed) {
  std::vector<Scene> scenes;
  for (int64_t i = 0; i < kCalibrationScenes; ++i) scenes.push_back(make_scene(seed, kPicturePool + i));
  for (size_t i = 0; i < kNumFeatures; ++i) {
    std::vector<float> values;
    for (const Scene& scene : scenes) values.push_back(describe(scene)[i]);
    feature_standard_[i] = Standard::of(values);
  }
  std::vector<Seen> sample;
  for (size_t i = 0; i < scenes.size(); i += kLanes) {
    const auto begin = scenes.begin() + static_cast<std::ptrdiff_t>(i);
    sample.push_back(see(SceneBlock({begin, begin + kLanes})));
  }
  at::parallel_for(0, anatomy_.size(), kVertexGrain, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) calibrate(vertices_[static_cast<size_t>(v)], sample);
  });
}

void EncodingModel::calibrate(Vertex& vertex, const std::vector<Seen>& sample) {
  std::array<std::vector<float>, kVisual> visual;
  std::vector<float> tuned;
  const auto append = [](std::vector<float>& to, const Lanes& lanes) {
    to.insert(to.end(), lanes.begin(), lanes.end());
  };
  for (const Seen& seen : sample) {
    if (vertex.filter) {
      const VisualResponse response = vertex.filter->respond(seen.retina);
      append(visual[0], response.energy);
      append(visual[1], response.simple);
      append(visual[2], response.colour);
    }
    if (!vertex.tuning) continue;
    for (const SceneFeatures& features : seen.features) tuned.push_back(vertex.tuning->respond(features));
  }
  if (vertex.filter) {
    for (size_t i = 0; i < kVisual; ++i) vertex.visual_standard[i] = Standard::of(visual[i]);
  }
  if (vertex.tuning) vertex.tuning_standard = Standard::of(tuned);
  std::vector<float> mixture;
  for (const Seen& seen : sample) append(mixture, mixed(vertex, seen));
  vertex.standard = Standard::of(mixture);
}

Lanes EncodingModel::mixed(const Vertex& vertex, const Seen& seen) {
  Lanes sum{};
  if (vertex.filter) {
    const VisualResponse response = vertex.filter->respond(seen.retina);
    const std::array<const Lanes*, kVisual> parts{&response.energy, &response.simple, &response.colour};
    for (size_t i = 0; i < kVisual; ++i) {
      const float weight = vertex.retinotopic * vertex.visual_weights[i];
      for (size_t lane = 0; lane < kLanes; ++lane) sum[lane] += weight * vertex.visual_standard[i]((*parts[i])[lane]);
    }
  }
  if (vertex.tuning) {
    for (size_t lane = 0; lane < seen.features.size(); ++lane) {
      const float response = vertex.tuning_standard(vertex.tuning->respond(seen.features[lane]));
      sum[lane] += (1 - vertex.retinotopic) * response;
    }
  }
  return sum;
}

at::Tensor EncodingModel::signals(const SceneBlock& block) const {
  const Seen seen = see(block);
  at::Tensor result = at::empty({static_cast<int64_t>(block.scenes.size()), anatomy_.size()}, at::kFloat);
  auto* out = result.mutable_data_ptr<float>();
  at::parallel_for(0, anatomy_.size(), kVertexGrain, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) {
      const Vertex& vertex = vertices_[static_cast<size_t>(v)];
      const Lanes lanes = mixed(vertex, seen);
      for (size_t lane = 0; lane < block.scenes.size(); ++lane) {
        out[static_cast<int64_t>(lane) * anatomy_.size() + v] = vertex.standard(lanes[lane]);
      }
    }
  });
  return result;
}

int64_t EncodingModel::memory_bytes(int64_t vertices) {
  const auto pixels = static_cast<double>(Retina::side(1) * Retina::side(1));
  double filters = 0;  // as if each covered the whole retina at half the resolution
  for (const Area& area : areas()) {
    if (area.retinotopic > 0) filters += area.share * sizeof(float) * 3 * pixels;
  }
  return static_cast<int64_t>(static_cast<double>(vertices) * (filters + sizeof(Vertex) + kLanes * sizeof(float)));
}

}  // namespace fmri2img::simulation
