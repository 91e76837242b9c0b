#include "fmri2img/reconstruction/job.h"

#include <algorithm>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::reconstruction {
bool ReconstructionJob::computes(Vote asked) const {
  return std::find(votes.begin(), votes.end(), asked) != votes.end();
}

std::vector<std::string> candidate_names(const ReconstructionJob& job) {
  std::vector<std::string> names;
  for (const Member& member : job.members) names.push_back(member.name);
  if (job.computes(Vote::kAverage)) names.emplace_back(kAverageName);
  return names;
}

void check_job(const ReconstructionJob& job) {
  FMRI2IMG_ASSERT(!job.members.empty() && !job.trials.rows.empty() && job.batch >= 1);
  FMRI2IMG_ASSERT(!job.guided || job.computes(job.vote));
  if (job.computes(Vote::kAverage)) require_equal_latents(job.members);
  if (job.computes(Vote::kEncoder)) {
    job.subject.pictures(data::Partition::kTrain);
    const auto common = static_cast<int64_t>(common_training_rows(job.members).size());
    if (common < kFewestEncodingRows) {
      fail(ErrorKind::kMismatch,
           "vote \"encoder\": the {} decoders have {} training rows in common, at least {} are needed to fit an "
           "encoding model: train them with overlapping --train-rows, or leave out the vote",
           job.members.size(),
           format_count(common),
           kFewestEncodingRows);
    }
  }
}

void check_codecs(const ReconstructionJob& job) {
  std::vector<Json> opened;
  std::optional<models::PictureSize> size;
  for (const Member& member : job.members) {
    if (std::find(opened.begin(), opened.end(), member.record.codec) != opened.end()) continue;
    opened.push_back(member.record.codec);
    const models::PictureSize found = job.open.codec(member.record.codec)->picture_size();
    if (!size) size = found;
    if (found.height == size->height && found.width == size->width) continue;
    fail(ErrorKind::kMismatch,
         "the decoders \"{}\" and \"{}\" make pictures of {} x {} and {} x {} pixels, which do not belong into one "
         "table: reconstruct each in its own run",
         job.members.front().name,
         member.name,
         size->height,
         size->width,
         found.height,
         found.width);
  }
}

}  // namespace fmri2img::reconstruction
