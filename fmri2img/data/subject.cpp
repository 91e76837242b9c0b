#include "fmri2img/data/subject.h"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& folder) {
  const fs::path absolute = fs::weakly_canonical(fs::absolute(folder));
  return absolute.filename().empty() ? absolute.parent_path().filename().string() : absolute.filename().string();
}

/// The response files that are there: both hemispheres, the whole matrix, or none.
std::vector<fs::path> response_files(const fs::path& subject, Partition partition) {
  std::vector<fs::path> hemispheres = hemisphere_files(subject, partition);
  const bool left = fs::exists(hemispheres[0]);
  const bool right = fs::exists(hemispheres[1]);
  if (left && right) return hemispheres;
  FMRI2IMG_CHECK(
      left == right,
      "\"{}\" is missing: \"{}\" is there, but the {} hemisphere is not; copy it into the same folder (a matrix "
      "without hemispheres is called {})",
      hemispheres[left ? 1 : 0].string(),
      hemispheres[left ? 0 : 1].filename().string(),
      left ? "right" : "left",
      whole_file(subject, partition).filename().string());
  const fs::path whole = whole_file(subject, partition);
  if (fs::exists(whole)) return {whole};
  return {};
}

struct PartitionData {
  std::optional<Responses> responses;
  std::optional<Pictures> pictures;
};

PartitionData open_partition(const fs::path& subject, Partition partition) {
  PartitionData data;
  if (const std::vector<fs::path> files = response_files(subject, partition); !files.empty())
    data.responses.emplace(files);
  if (const fs::path folder = pictures_folder(subject, partition); fs::is_directory(folder)) {
    Pictures pictures(folder);
    if (pictures.size() > 0) data.pictures = std::move(pictures);
  }
  if (data.responses && data.pictures) {
    FMRI2IMG_CHECK(
        data.responses->rows() == data.pictures->size(),
        "\"{}\" has {} rows, but \"{}\" has {} pictures; there must be one picture a row, in the order of their "
        "numbers (\"fmri2img doctor\" says more)",
        data.responses->files().front().string(),
        format_count(data.responses->rows()),
        data.pictures->folder().string(),
        format_count(data.pictures->size()));
  }
  return data;
}

[[noreturn]] void refuse_other_folder(const fs::path& folder) {
  const std::vector<fs::path> subjects = subjects_within(folder);
  fail(ErrorKind::kBadInput,
       "\"{}\" is no subject folder: neither \"{}\" with its right hemisphere nor \"{}\" is there; {}",
       folder.string(),
       fs::relative(hemisphere_files(folder, Partition::kTrain)[0], folder).string(),
       fs::relative(whole_file(folder, Partition::kTrain), folder).string(),
       subjects.empty() ? "\"fmri2img convert\" makes one from other files"
                        : fmt::format("there are subjects in it: choose one, such as \"{}\"", subjects[0].string()));
}

size_t index_of(Partition partition) {
  return partition == Partition::kTrain ? 0 : 1;
}

}  // namespace

struct Subject::State {
  fs::path path;
  std::string name;
  std::array<PartitionData, 2> partitions;
  std::once_flag rois_read;
  RoiAtlas rois;
  std::once_flag fingerprint_taken;
  std::string fingerprint;
};

Subject::Subject(std::shared_ptr<State> state) : state_(std::move(state)) {}

Subject Subject::open(const fs::path& folder) {
  FMRI2IMG_CHECK(fs::is_directory(folder), "there is no subject folder \"{}\"", folder.string());
  auto state = std::make_shared<State>();
  state->path = folder;
  state->name = name_of(folder);
  for (const Partition partition : {Partition::kTrain, Partition::kTest}) {
    state->partitions[index_of(partition)] = open_partition(folder, partition);
  }
  const auto& [train, test] = state->partitions;
  if (!train.responses) refuse_other_folder(folder);
  FMRI2IMG_CHECK(!test.responses || test.responses->vertices_of_files() == train.responses->vertices_of_files(),
                 "\"{}\" has {} vertices, but the training responses have {}; both must come from the same subject",
                 responses_folder(folder, Partition::kTest).string(),
                 test.responses->vertices(),
                 train.responses->vertices());
  return Subject(std::move(state));
}

const std::string& Subject::name() const {
  return state_->name;
}
const fs::path& Subject::path() const {
  return state_->path;
}
int64_t Subject::num_vertices() const {
  return responses(Partition::kTrain).vertices();
}

int64_t Subject::num_rows(Partition partition) const {
  const PartitionData& data = state_->partitions[index_of(partition)];
  if (data.responses) return data.responses->rows();
  return data.pictures ? data.pictures->size() : 0;
}

bool Subject::has_responses(Partition partition) const {
  return state_->partitions[index_of(partition)].responses.has_value();
}

bool Subject::has_pictures(Partition partition) const {
  return state_->partitions[index_of(partition)].pictures.has_value();
}

const Responses& Subject::responses(Partition partition) const {
  FMRI2IMG_CHECK(has_responses(partition),
                 "subject \"{}\" has no {} responses: there is nothing in \"{}\"",
                 name(),
                 partition_name(partition),
                 responses_folder(path(), partition).string());
  return *state_->partitions[index_of(partition)].responses;
}

const Pictures& Subject::pictures(Partition partition) const {
  FMRI2IMG_CHECK(has_pictures(partition),
                 "subject \"{}\" has no {} pictures: there is no PNG or JPEG file in \"{}\"",
                 name(),
                 partition_name(partition),
                 pictures_folder(path(), partition).string());
  return *state_->partitions[index_of(partition)].pictures;
}

const RoiAtlas& Subject::rois() const {
  std::call_once(state_->rois_read, [this] {
    const std::vector<int64_t>& widths = responses(Partition::kTrain).vertices_of_files();
    state_->rois = read_roi_atlas(roi_folder(path()), widths[0], widths.size() > 1 ? widths[1] : 0);
  });
  return state_->rois;
}

std::optional<fs::path> Subject::latents() const {
  const fs::path file = latents_file(path());
  if (!fs::exists(file)) return std::nullopt;
  return file;
}

const std::string& Subject::fingerprint() const {
  std::call_once(state_->fingerprint_taken, [this] {
    std::string all;
    for (const fs::path& file : responses(Partition::kTrain).files()) all += fmri2img::fingerprint(file) + "\n";
    state_->fingerprint = "sha256:" + sha256(all);
  });
  return state_->fingerprint;
}

VertexSelection select_vertices(const Subject& subject, const std::string& expression) {
  return with_context(fmt::format("while choosing the vertices of subject \"{}\"", subject.name()),
                      [&] { return select_vertices(subject.rois(), expression, subject.num_vertices()); });
}

}  // namespace fmri2img::data
