#include "fmri2img/reconstruction/stages/encoding_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/npy_writer.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kEncodingFolder = "encoding_model";
constexpr const char* kEmbeddingsFile = "training_embeddings.npy";
constexpr int64_t kPicturesAtOnce = 8;

at::Tensor embed_rows(const StageContext& stage, models::ImageEmbedder& embedder, std::span<const int64_t> rows) {
  std::vector<at::Tensor> pictures;
  for (const int64_t row : rows) pictures.push_back(stage.job.subject.pictures(data::Partition::kTrain).load(row));
  return embedder.embed(pictures);
}

void write_training_embeddings(const StageContext& stage, const std::vector<int64_t>& rows, const fs::path& file) {
  auto embedder = stage.job.open.embedder();
  const auto count = static_cast<int64_t>(rows.size());
  const int64_t width = embed_rows(stage, *embedder, std::span(rows).first(1)).size(1);
  io::NpyWriter writer(file, at::kFloat, {count, width}, sha256(data::format_rows(rows)));
  stage.progress.advance(kEncodingStage, writer.rows_written());
  for (int64_t first = writer.rows_written(); first < count; first += kPicturesAtOnce) {
    stop_if_interrupted(kHowToResume);
    const int64_t part = std::min(kPicturesAtOnce, count - first);
    writer.write_rows(
        first,
        embed_rows(stage, *embedder, std::span(rows).subspan(static_cast<size_t>(first), static_cast<size_t>(part))));
    stage.progress.advance(kEncodingStage, part);
  }
  writer.commit();
  embedder.reset();
  release_freed_memory();
}

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
  if (!fs::exists(file)) write_training_embeddings(stage, rows, file);
  const std::vector<int64_t> columns = union_of_vertices(stage.job.members);
  const EncodingModel model = EncodingModel::fit(
      io::read_npy(file), stage.job.subject.responses(data::Partition::kTrain).gather(rows, columns), columns);
  model.write(folder);
  return EncodingModel::read(folder);
}

}  // namespace fmri2img::reconstruction
