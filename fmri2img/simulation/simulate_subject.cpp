#include "fmri2img/simulation/simulate_subject.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject_writer.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/simulation/encoding_model.h"
#include "fmri2img/simulation/measurement.h"
#include "fmri2img/simulation/paint_scene.h"
#include "fmri2img/simulation/picture_pool.h"
#include "fmri2img/simulation/scene_record.h"

namespace fmri2img::simulation {
namespace {

namespace fs = std::filesystem;
using data::Partition;

constexpr int64_t kSceneRecordBytes = 400;  // at most, of scenes.jsonl
constexpr int64_t kFewestVertices = 100;    // below, hardly a region has one

struct FullSize {
  int64_t left, right, train, test;
};

// The challenge's eight subjects (Gifford et al. 2023).
constexpr std::array<FullSize, 8> kFullSizes = {{{19004, 20544, 9841, 159},
                                                 {19004, 20544, 9841, 159},
                                                 {19004, 20544, 9082, 293},
                                                 {19004, 20544, 8779, 395},
                                                 {19004, 20544, 9841, 159},
                                                 {18978, 20220, 9082, 293},
                                                 {19004, 20544, 9841, 159},
                                                 {18981, 20530, 8779, 395}}};

constexpr int64_t kMostTestPictures = 395;  // of the eight

int64_t untrained_of(const SubjectSettings& settings) {
  return std::max(settings.untrained, settings.test);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", folder.string(), error.message());
}

/// One subject on its way to the disk.
class Simulation {
 public:
  Simulation(const fs::path& folder, const SubjectSettings& settings)
      : settings_(settings),
        anatomy_(settings.left_vertices, settings.right_vertices),
        model_(anatomy_, settings.seed, settings.subject),
        measurement_(anatomy_, settings.ncsnr, settings.seed, settings.subject),
        folder_(folder),
        writer_(folder,
                {.train_rows = settings.train,
                 .test_rows = settings.test,
                 .left_vertices = settings.left_vertices,
                 .right_vertices = settings.right_vertices}) {
    make_folder(data::roi_folder(folder));
    anatomy_.write_roi_masks(data::roi_folder(folder));
    if (settings.test > 0) write_noise_ceiling(folder / "test_split" / "noise_ceiling");
  }

  void write(Partition partition, const std::vector<int64_t>& pictures, Progress& progress) {
    write_scenes(partition, pictures);
    for (size_t first = 0; first < pictures.size(); first += kLanes) {
      stop_if_interrupted("responses appear at the end: run the same command again to begin anew");
      const auto begin = pictures.begin() + static_cast<std::ptrdiff_t>(first);
      const std::vector<int64_t> ids(begin,
                                     begin + static_cast<std::ptrdiff_t>(std::min(kLanes, pictures.size() - first)));
      write_piece(partition, static_cast<int64_t>(first), ids);
      progress.advance(static_cast<int64_t>(ids.size()));
    }
  }

  void commit() { writer_.commit(); }

 private:
  void write_noise_ceiling(const fs::path& folder) const {
    make_folder(folder);
    const at::Tensor ceiling = measurement_.noise_ceiling();
    io::write_npy(folder / "lh_noise_ceiling.npy", ceiling.narrow(0, 0, settings_.left_vertices));
    io::write_npy(folder / "rh_noise_ceiling.npy",
                  ceiling.narrow(0, settings_.left_vertices, settings_.right_vertices));
  }

  void write_scenes(Partition partition, const std::vector<int64_t>& pictures) const {
    if (pictures.empty()) return;
    AtomicFile file(data::scenes_file(folder_, partition));
    for (size_t row = 0; row < pictures.size(); ++row) {
      const std::string name = data::picture_file_name(partition, static_cast<int64_t>(row), pictures[row]);
      Json record = {{"file_name", name}};
      record.update(scene_record(make_scene(settings_.seed, pictures[row])));
      file.write(record.dump() + "\n");
    }
    file.commit();
  }

  void write_piece(Partition partition, int64_t first_row, const std::vector<int64_t>& ids) {
    std::vector<Scene> scenes;
    for (const int64_t id : ids) scenes.push_back(make_scene(settings_.seed, id));
    const SceneBlock block(std::move(scenes));
    const at::Tensor responses = model_.signals(block);
    at::parallel_for(0, static_cast<int64_t>(ids.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const auto index = static_cast<size_t>(i);
        measurement_.measure(responses.mutable_data_ptr<float>() + i * anatomy_.size(), ids[index]);
        const at::Tensor picture = settings_.picture_size == Retina::kSide
                                       ? to_picture(block.canvases[index])
                                       : to_picture(paint_scene(block.scenes[index], settings_.picture_size));
        writer_.write_picture(partition, first_row + i, picture, ids[index]);
      }
    });
    writer_.write_responses(partition, first_row, responses);
  }

  SubjectSettings settings_;
  Anatomy anatomy_;
  EncodingModel model_;
  Measurement measurement_;
  fs::path folder_;
  data::SubjectWriter writer_;
};

}  // namespace

void set_vertices(SubjectSettings& settings, int64_t vertices) {
  const FullSize& first = kFullSizes.front();
  const double left_share = static_cast<double>(first.left) / static_cast<double>(first.left + first.right);
  settings.left_vertices = std::llround(left_share * static_cast<double>(vertices));
  settings.right_vertices = vertices - settings.left_vertices;
  FMRI2IMG_CHECK_USAGE(
      vertices >= kFewestVertices && settings.right_vertices <= kFsaverageVertices,
      "--vertices {}: needed are {} or more, and at most {} in the right hemisphere, whose share is {:.1f} %",
      vertices,
      kFewestVertices,
      format_count(kFsaverageVertices),
      100 * (1 - left_share));
}

void set_full_size(SubjectSettings& settings, int64_t subject) {
  FMRI2IMG_CHECK_USAGE(
      subject >= 1 && subject <= static_cast<int64_t>(kFullSizes.size()),
      "--full-size: there is no subject {} in the challenge, whose subjects are 1 to {}: give --vertices",
      subject,
      kFullSizes.size());
  const FullSize& size = kFullSizes[static_cast<size_t>(subject - 1)];
  settings.left_vertices = size.left;
  settings.right_vertices = size.right;
  settings.train = size.train;
  settings.test = size.test;
  settings.untrained = kMostTestPictures;
}

void check(const SubjectSettings& settings) {
  FMRI2IMG_CHECK_USAGE(settings.train + untrained_of(settings) <= kPicturePool,
                       "{} training and {} test pictures: there are {} in all, as in NSD",
                       format_count(settings.train),
                       format_count(untrained_of(settings)),
                       format_count(kPicturePool));
}

SimulationCost cost(const SubjectSettings& settings) {
  constexpr int64_t kMasksPerHemisphere = 7;
  const int64_t vertices = settings.left_vertices + settings.right_vertices;
  const int64_t pictures = settings.train + settings.test;
  const int64_t picture_bytes = settings.picture_size * settings.picture_size * 3;
  const int64_t responses = pictures * vertices * int64_t{sizeof(float)};
  const int64_t masks = 2 * kMasksPerHemisphere * (kFsaverageVertices + vertices) * int64_t{sizeof(int64_t)};
  const int64_t scenes = pictures * kSceneRecordBytes;
  const int64_t block = static_cast<int64_t>(kLanes) * (vertices * int64_t{sizeof(float)} + 5 * picture_bytes);
  return {EncodingModel::memory_bytes(vertices) + block, responses + pictures * picture_bytes + masks + scenes};
}

void simulate_subject(const fs::path& folder, const SubjectSettings& settings) {
  check(settings);
  const PictureChoice pictures =
      choose_pictures(settings.seed, settings.subject, settings.train, settings.test, untrained_of(settings));
  Simulation simulation(folder, settings);
  Progress progress("simulating", "pictures", settings.train + settings.test);
  simulation.write(Partition::kTrain, pictures.train, progress);
  simulation.write(Partition::kTest, pictures.test, progress);
  simulation.commit();
}

}  // namespace fmri2img::simulation
