#include "fmri2img/reconstruction/reconstruct.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/make_rows.h"
#include "fmri2img/reconstruction/seen_pictures.h"
#include "fmri2img/reconstruction/stages/encoding_stage.h"
#include "fmri2img/reconstruction/stages/plan.h"
#include "fmri2img/reconstruction/stages/stages.h"
#include "fmri2img/reconstruction/strips.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

void make_folders(const ReconstructionJob& job, const fs::path& folder) {
  std::vector<fs::path> paths{folder / "targets"};
  for (const std::string& name : candidate_names(job)) paths.push_back(folder / "candidates" / name);
  if (job.guided) paths.push_back(folder / "embeddings");
  if (job.computes(Vote::kEncoder)) paths.push_back(folder / "encoding_model");
  for (const fs::path& path : paths) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", path.string(), error.message());
  }
}

/// Size of the low-level pictures: one for all members, or they would not belong into one table.
models::PictureSize low_level_size(const ReconstructionJob& job, const fs::path& folder) {
  const int64_t trial = job.trials.rows.front();
  const std::string& first = job.members.front().name;
  const io::ImageInfo size = io::read_image_info(folder / low_level_file(first, trial));
  for (const Member& member : job.members) {
    const io::ImageInfo other = io::read_image_info(folder / low_level_file(member.name, trial));
    if (other.height == size.height && other.width == size.width) continue;
    fail(ErrorKind::kMismatch,
         "the pictures of \"{}\" are {} x {} pixels, those of \"{}\" {} x {}: reconstruct each in its own run",
         first,
         size.height,
         size.width,
         member.name,
         other.height,
         other.width);
  }
  return {size.height, size.width, 3};
}

/// The pictures as they were shown: how they are resized before they are compared is a protocol's matter.
void write_targets(const StageContext& stage) {
  if (!stage.job.subject.has_pictures(stage.job.trials.partition)) return;
  const data::Pictures& pictures = stage.job.subject.pictures(stage.job.trials.partition);
  for (const int64_t trial : pending_targets(stage.job, stage.folder)) {
    stop_if_interrupted(kHowToResume);
    io::write_png(stage.folder / target_file(trial), pictures.load(trial));
    stage.progress.advance(kTargetStage);
  }
}

void write_mean_picture(const StageContext& stage, const models::PictureSize& size, Results& results) {
  if (!stage.job.subject.has_pictures(data::Partition::kTrain)) return;
  const std::vector<int64_t>& rows = stage.job.members.front().record.train_rows;
  results.mean_picture = kMeanPictureFile;
  results.mean_picture_of = std::min(static_cast<int64_t>(rows.size()), kMostInMean);
  if (fs::exists(stage.folder / kMeanPictureFile)) return;
  const auto advance = [&] { stage.progress.advance(kMeanStage); };
  io::write_png(stage.folder / kMeanPictureFile,
                mean_picture(stage.job.subject.pictures(data::Partition::kTrain), rows, size, advance).picture);
}

/// The strip of one trial: `file_of` names the candidates' pictures. The target is at the codec's size, as its
/// low-level pictures are.
at::Tensor make_strip(const StageContext& stage,
                      int64_t trial,
                      std::optional<int64_t> chosen,
                      const FileOf& file_of,
                      const models::PictureSize& size) {
  const std::vector<std::string> names = candidate_names(stage.job);
  StripPictures strip;
  if (fs::exists(stage.folder / target_file(trial))) {
    strip.target = at_codec_size(io::read_image(stage.folder / target_file(trial)), size);
  }
  const auto read = [&](size_t candidate) { return io::read_image(stage.folder / file_of(names[candidate], trial)); };
  if (chosen) strip.chosen = read(static_cast<size_t>(*chosen));
  for (size_t i = 0; i < stage.job.members.size(); ++i) strip.candidates.push_back(read(i));
  return draw_strip(strip);
}

void write_strips(const StageContext& stage, const std::vector<TrialVotes>& votes, const models::PictureSize& size) {
  for (const TrialVotes& trial : votes) {
    if (fs::exists(stage.folder / low_level_strip_file(trial.trial))) continue;
    stop_if_interrupted(kHowToResume);
    io::write_png(stage.folder / result_strip_file(trial.trial),
                  make_strip(stage, trial.trial, trial.voted.candidate, high_level_file, size));
    io::write_png(stage.folder / low_level_strip_file(trial.trial),
                  make_strip(stage, trial.trial, trial.best_low, low_level_file, size));
    stage.progress.advance(kStripStage);
  }
}

/// Everything after the low-level pictures.
std::vector<TrialVotes> guide(const StageContext& stage, const models::PictureSize& size, Reconstruction& made) {
  const ReconstructionJob& job = stage.job;
  caption_stage(stage);
  refine_stage(stage);
  embed_stage(stage);
  std::optional<EncodingModel> encoding;
  if (job.computes(Vote::kEncoder)) encoding = encoding_stage(stage);
  std::vector<TrialVotes> votes = vote_stage(job, stage.folder, encoding ? &*encoding : nullptr);
  write_strips(stage, votes, size);
  write_picks(job, stage.folder, votes);
  if (job.subject.has_pictures(job.trials.partition)) {
    made.votes = compare_votes(job, votes);
    write_vote_table(stage.folder, *made.votes);
  }
  const io::ImageInfo high =
      io::read_image_info(stage.folder / high_level_file(job.members.front().name, job.trials.rows.front()));
  made.results.vote = vote_name(job.vote);
  made.results.high_height = high.height;
  made.results.high_width = high.width;
  return votes;
}

}  // namespace

Reconstruction reconstruct(const ReconstructionJob& job, const fs::path& folder) {
  check_job(job);
  make_folders(job, folder);
  const std::vector<SeenPicture> seen = find_seen_pictures(job.subject, job.trials, job.members);
  write_seen_pictures(folder, seen);
  RunProgress progress("reconstructing", plan_run(job, folder));
  const StageContext stage{job, folder, progress};
  decode_stage(stage);
  const models::PictureSize size = low_level_size(job, folder);
  write_targets(stage);
  Reconstruction made;
  Results& results = made.results;
  results.folder = folder;
  results.subject = job.subject.name();
  results.partition = data::partition_name(job.trials.partition);
  results.trials = job.trials_text;
  results.models = candidate_names(job);
  results.height = size.height;
  results.width = size.width;
  results.targets_as_shown = true;
  write_mean_picture(stage, size, results);
  results.rows = make_rows(job, folder, job.guided ? guide(stage, size, made) : std::vector<TrialVotes>(), seen);
  write_results(results);
  return made;
}

}  // namespace fmri2img::reconstruction
