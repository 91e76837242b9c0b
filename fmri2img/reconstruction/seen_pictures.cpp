#include "fmri2img/reconstruction/seen_pictures.h"

#include <torch/torch.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/json.h"
#include "fmri2img/data/picture_prints.h"
#include "fmri2img/data/rows.h"

namespace fmri2img::reconstruction {
namespace {

using data::Partition;
using data::Pictures;

bool same_content(const std::filesystem::path& one, const std::filesystem::path& other) {
  return std::filesystem::file_size(one) == std::filesystem::file_size(other) && fingerprint(one) == fingerprint(other);
}

/// The trials' own rows: none of the test split.
std::vector<SeenPicture> same_rows(const data::Subject& subject, const Trials& trials) {
  std::vector<SeenPicture> seen;
  if (trials.partition == Partition::kTest) return seen;
  const bool pictures = subject.has_pictures(Partition::kTrain);
  for (const int64_t row : trials.rows) {
    SeenPicture same{.trial = row, .training_row = row, .how = kSameRow};
    if (pictures) {
      same.picture = subject.pictures(Partition::kTrain).id(row);
      same.training_picture = subject.pictures(Partition::kTrain).path(row).filename().string();
    }
    seen.push_back(std::move(same));
  }
  return seen;
}

/// Training pictures of other rows that show a trial's picture.
std::vector<SeenPicture> other_rows(const data::Subject& subject, const Trials& trials) {
  std::vector<SeenPicture> seen;
  if (!subject.has_pictures(trials.partition) || !subject.has_pictures(Partition::kTrain)) return seen;
  const Pictures& shown = subject.pictures(trials.partition);
  const Pictures& training = subject.pictures(Partition::kTrain);
  const data::PicturePrints training_prints = data::picture_prints(training);
  const bool is_training = trials.partition == Partition::kTrain;
  const data::PicturePrints shown_prints = is_training ? training_prints : data::picture_prints(shown);
  const std::vector<int64_t> rows = data::all_rows(training.size());
  for (const data::NearCopy& copy : data::find_near_copies(shown_prints, trials.rows, training_prints, rows)) {
    if (is_training && copy.row == copy.other) continue;
    const bool same = same_content(shown.path(copy.row), training.path(copy.other));
    seen.push_back({.trial = copy.row,
                    .picture = shown.id(copy.row),
                    .training_row = copy.other,
                    .training_picture = training.path(copy.other).filename().string(),
                    .how = same ? kSameFile : kNearCopy,
                    .similarity = same ? 1 : copy.similarity});
  }
  return seen;
}

/// Fills in the models.
void add_models(std::vector<SeenPicture>& seen, const Member& member) {
  const std::set<int64_t> rows(member.record.train_rows.begin(), member.record.train_rows.end());
  for (SeenPicture& picture : seen) {
    if (rows.contains(picture.training_row)) picture.models.push_back(member.name);
  }
}

SeenPicture read_line(const std::string& line, const std::string& where) {
  JsonFields fields(parse_json(line, where), where);
  SeenPicture seen;
  seen.trial = fields.require<int64_t>("trial");
  seen.picture = fields.require<std::string>("picture");
  seen.training_row = fields.require<int64_t>("training_row");
  seen.training_picture = fields.require<std::string>("training_picture");
  seen.how = fields.require<std::string>("how");
  seen.similarity = fields.require<double>("similarity");
  seen.models = fields.require<std::vector<std::string>>("models");
  fields.finish();
  return seen;
}

}  // namespace

std::vector<SeenPicture> find_seen_pictures(const data::Subject& subject,
                                            const Trials& trials,
                                            const std::vector<Member>& members) {
  std::vector<SeenPicture> seen = same_rows(subject, trials);
  for (SeenPicture& other : other_rows(subject, trials)) seen.push_back(std::move(other));
  for (const Member& member : members) add_models(seen, member);
  std::erase_if(seen, [](const SeenPicture& picture) { return picture.models.empty(); });
  std::sort(seen.begin(), seen.end(), [](const SeenPicture& a, const SeenPicture& b) {
    return std::pair(a.trial, a.training_row) < std::pair(b.trial, b.training_row);
  });
  return seen;
}

void write_seen_pictures(const std::filesystem::path& folder, const std::vector<SeenPicture>& seen) {
  std::string text;
  for (const SeenPicture& picture : seen) {
    const Json line = {{"trial", picture.trial},
                       {"picture", picture.picture},
                       {"training_row", picture.training_row},
                       {"training_picture", picture.training_picture},
                       {"how", picture.how},
                       {"similarity", picture.similarity},
                       {"models", picture.models}};
    text += line.dump() + "\n";
  }
  write_file(folder / kSeenPicturesFile, text);
}

std::vector<SeenPicture> read_seen_pictures(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kSeenPicturesFile;
  std::vector<SeenPicture> seen;
  if (!std::filesystem::exists(file)) return seen;
  std::istringstream lines(read_file(file));
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    seen.push_back(read_line(line, fmt::format("\"{}\" line {}", file.string(), ++number)));
  }
  return seen;
}

at::Tensor at_codec_size(const at::Tensor& picture, const models::PictureSize& size) {
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.size(2) == 3 && picture.scalar_type() == at::kByte);
  if (picture.size(0) == size.height && picture.size(1) == size.width) return picture;
  const at::Tensor values = picture.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat);
  const at::Tensor resized = at::_upsample_bilinear2d_aa(values, {size.height, size.width}, /*align_corners=*/false);
  return resized.squeeze(0).permute({1, 2, 0}).add(0.5).floor().clamp(0, 255).to(at::kByte).contiguous();
}

MeanPicture mean_picture(const Pictures& pictures,
                         const std::vector<int64_t>& rows,
                         const models::PictureSize& size,
                         const std::function<void()>& after_each) {
  FMRI2IMG_ASSERT(!rows.empty());
  const auto all = static_cast<int64_t>(rows.size());
  const int64_t count = std::min(all, kMostInMean);
  at::Tensor sum = at::zeros({size.height, size.width, 3}, at::kDouble);
  for (int64_t i = 0; i < count; ++i) {
    stop_if_interrupted("run the same command again to go on");
    sum += at_codec_size(pictures.load(rows[static_cast<size_t>(i * all / count)]), size);
    after_each();
  }
  return {(sum / static_cast<double>(count)).round().to(at::kByte), count};
}

}  // namespace fmri2img::reconstruction
