#include "fmri2img/reconstruction/low_level.h"

#include <torch/torch.h>

#include <algorithm>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr const char* kResume = "every finished picture is safe; run the same command again to go on";
constexpr int64_t kMostInBatch = 64;
constexpr int64_t kPixelsInBatch =
    int64_t{1} << 20;  // four pictures of 512 x 512: an autoencoder's activations are 500 times that

void make_folders(const fs::path& folder, const std::string& model) {
  for (const fs::path& path : {folder / "targets", folder / "candidates" / model}) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", path.string(), error.message());
  }
}

/// Trials whose file is not there yet.
template <class FileOf>
std::vector<int64_t> pending(const std::vector<int64_t>& trials, const fs::path& folder, const FileOf& file_of) {
  std::vector<int64_t> rows;
  for (const int64_t trial : trials) {
    if (!fs::exists(folder / file_of(trial))) rows.push_back(trial);
  }
  return rows;
}

/// float [C, H, W] in [0, 1] -> uint8 [H, W, C], truncated.
at::Tensor to_bytes(const at::Tensor& picture) {
  return picture.mul(255).clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
}

void write_candidates(const LowLevelJob& job, const fs::path& folder) {
  const auto file_of = [&](int64_t trial) { return low_level_file(job.model, trial); };
  const std::vector<int64_t> todo = pending(job.trials.rows, folder, file_of);
  const auto all = static_cast<int64_t>(job.trials.rows.size());
  const auto left = static_cast<int64_t>(todo.size());
  if (left == 0) return;
  const data::Responses& responses = job.subject.responses(job.trials.partition);
  const models::PictureSize size = job.codec.picture_size();
  const int64_t batch = std::clamp<int64_t>(kPixelsInBatch / (size.height * size.width), 1, kMostInBatch);
  Progress progress("reconstructing", "images", all, all - left);
  for (int64_t first = 0; first < left; first += batch) {
    stop_if_interrupted(kResume);
    const std::vector<int64_t> rows(todo.begin() + first, todo.begin() + std::min(first + batch, left));
    const at::Tensor pictures =
        job.codec.decode(job.decoder.predict(responses.gather(rows, job.record.vertices.columns)));
    for (size_t i = 0; i < rows.size(); ++i) {
      const at::Tensor picture = pictures[static_cast<int64_t>(i)];
      FMRI2IMG_CHECK(picture.isfinite().all().item<bool>(),
                     "trial {}: the reconstruction has values that are not finite: check the responses with `doctor`",
                     rows[i]);
      io::write_png(folder / file_of(rows[i]), to_bytes(picture));
    }
    progress.advance(static_cast<int64_t>(rows.size()));
  }
}

void write_targets(const LowLevelJob& job, const fs::path& folder) {
  const data::Pictures& pictures = job.subject.pictures(job.trials.partition);
  const std::vector<int64_t> todo = pending(job.trials.rows, folder, target_file);
  const auto all = static_cast<int64_t>(job.trials.rows.size());
  Progress progress("copying targets", "pictures", all, all - static_cast<int64_t>(todo.size()));
  for (const int64_t trial : todo) {
    stop_if_interrupted(kResume);
    io::write_png(folder / target_file(trial), at_codec_size(pictures.load(trial), job.codec.picture_size()));
    progress.advance();
  }
}

void write_mean_picture(const LowLevelJob& job, const fs::path& folder, Results& results) {
  if (!job.subject.has_pictures(data::Partition::kTrain)) return;
  results.mean_picture = kMeanPictureFile;
  results.mean_picture_of = std::min(static_cast<int64_t>(job.record.train_rows.size()), kMostInMean);
  if (fs::exists(folder / kMeanPictureFile)) return;
  const data::Pictures& pictures = job.subject.pictures(data::Partition::kTrain);
  io::write_png(folder / kMeanPictureFile,
                mean_picture(pictures, job.record.train_rows, job.codec.picture_size()).picture);
}

/// Was the model trained on the trial: on its row, or on the same picture in another row?
std::vector<bool> trained_on(const LowLevelJob& job) {
  const Trials& trials = job.trials;
  std::vector<bool> seen(trials.rows.size(), false);
  if (job.subject.has_pictures(trials.partition) && job.subject.has_pictures(data::Partition::kTrain)) {
    seen = find_seen_pictures(job.subject.pictures(trials.partition),
                              trials.rows,
                              job.subject.pictures(data::Partition::kTrain),
                              job.record.train_rows);
  }
  if (trials.partition == data::Partition::kTest) return seen;
  const std::set<int64_t> rows(job.record.train_rows.begin(), job.record.train_rows.end());
  for (size_t i = 0; i < seen.size(); ++i) seen[i] = seen[i] || rows.contains(trials.rows[i]);
  return seen;
}

std::vector<ResultRow> make_rows(const LowLevelJob& job) {
  const bool pictures = job.subject.has_pictures(job.trials.partition);
  const std::vector<bool> seen = trained_on(job);
  std::vector<ResultRow> rows;
  for (size_t i = 0; i < job.trials.rows.size(); ++i) {
    const int64_t trial = job.trials.rows[i];
    const std::string id = pictures ? job.subject.pictures(job.trials.partition).id(trial) : std::string();
    const std::string target = pictures ? target_file(trial) : std::string();
    rows.push_back({trial, id, job.model, seen[i], target, low_level_file(job.model, trial)});
  }
  return rows;
}

}  // namespace

Results reconstruct_low_level(const LowLevelJob& job, const fs::path& folder) {
  make_folders(folder, job.model);
  write_candidates(job, folder);
  Results results;
  results.folder = folder;
  results.subject = job.subject.name();
  results.partition = data::partition_name(job.trials.partition);
  results.trials = job.trials_text;
  results.models = {job.model};
  results.height = job.codec.picture_size().height;
  results.width = job.codec.picture_size().width;
  if (job.subject.has_pictures(job.trials.partition)) write_targets(job, folder);
  write_mean_picture(job, folder, results);
  results.rows = make_rows(job);
  write_results(results);
  return results;
}

}  // namespace fmri2img::reconstruction
