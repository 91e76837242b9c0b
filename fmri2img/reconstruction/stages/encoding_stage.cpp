#include "fmri2img/reconstruction/stages/encoding_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/io/npy.h"
#include "fmri2img/reconstruction/voting/picture_embeddings.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kEncodingFolder = "encoding_model";
constexpr const char* kEmbeddingsFile = "training_embeddings.npy";

}  // namespace

std::vector<int64_t> encoding_rows(const ReconstructionJob& job) {
  const std::vector<int64_t> common = common_training_rows(job.members);
  const auto all = static_cast<int64_t>(common.size());
  const int64_t count = std::min(all, kMostEncodingRows);
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < count; ++i) rows.push_back(common[static_cast<size_t>(i * all / count)]);
  return rows;
}

bool has_encoding_model(const fs::path& folder) {
  return fs::exists(folder / kEncodingFolder / "model.safetensors");
}

EncodingModel encoding_stage(const StageContext& stage) {
  const fs::path folder = stage.folder / kEncodingFolder;
  if (has_encoding_model(stage.folder)) return EncodingModel::read(folder);
  const std::vector<int64_t> rows = encoding_rows(stage.job);
  const fs::path file = folder / kEmbeddingsFile;
  write_picture_embeddings(
      stage.job.subject.pictures(data::Partition::kTrain),
      rows,
      stage.job.open.embedder,
      file,
      [&](int64_t pictures) { stage.progress.advance(kEncodingStage, pictures); },
      kHowToResume);
  const std::vector<int64_t> columns = union_of_vertices(stage.job.members);
  const EncodingModel model = EncodingModel::fit(
      io::read_npy(file), stage.job.subject.responses(data::Partition::kTrain).gather(rows, columns), columns);
  model.write(folder);
  return EncodingModel::read(folder);
}

}  // namespace fmri2img::reconstruction
