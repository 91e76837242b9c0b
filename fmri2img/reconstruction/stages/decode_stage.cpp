#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {
namespace {

constexpr int64_t kMostInBatch = 64;
constexpr int64_t kPixelsInBatch =
    int64_t{1} << 20;  // four pictures of 512 x 512: an autoencoder's activations are 500 times that

/// float [C, H, W] in [0, 1] -> uint8 [H, W, C], truncated.
at::Tensor to_bytes(const at::Tensor& picture) {
  return picture.mul(255).clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
}

/// The codec of one member after the other; equal ones are opened once.
class CodecShelf {
 public:
  explicit CodecShelf(const ReconstructionJob& job) : job_(job) {}

  models::LatentCodec& of(const Member& member) {
    if (codec_ == nullptr || config_ != member.record.codec) {
      codec_.reset();
      release_freed_memory();
      config_ = member.record.codec;
      codec_ = job_.open.codec(config_);
    }
    return *codec_;
  }

 private:
  const ReconstructionJob& job_;
  Json config_;
  std::unique_ptr<models::LatentCodec> codec_;
};

int64_t batch_of(const models::LatentCodec& codec) {
  const models::PictureSize size = codec.picture_size();
  return std::clamp<int64_t>(kPixelsInBatch / (size.height * size.width), 1, kMostInBatch);
}

/// Rows first .. first + count - 1 of `rows`, or as many as there are.
std::vector<int64_t> part_of(const std::vector<int64_t>& rows, int64_t first, int64_t count) {
  return {rows.begin() + first, rows.begin() + std::min(first + count, static_cast<int64_t>(rows.size()))};
}

at::Tensor predict(const StageContext& stage,
                   const Member& member,
                   decoding::LatentDecoder& decoder,
                   const std::vector<int64_t>& rows) {
  const data::Responses& responses = stage.job.subject.responses(stage.job.trials.partition);
  return decoder.predict(responses.gather(rows, member.record.vertices.columns));
}

void write_low_level(const StageContext& stage,
                     const std::string& name,
                     const std::vector<int64_t>& rows,
                     const at::Tensor& pictures) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const at::Tensor picture = pictures[static_cast<int64_t>(i)];
    FMRI2IMG_CHECK(picture.isfinite().all().item<bool>(),
                   "trial {}: the reconstruction has values that are not finite: check the responses with `doctor`",
                   rows[i]);
    io::write_png(stage.folder / low_level_file(name, rows[i]), to_bytes(picture));
  }
}

std::vector<int64_t> pending_of(const StageContext& stage, const std::string& name) {
  return pending_trials(
      stage.job.trials.rows, stage.folder, [&](int64_t trial) { return low_level_file(name, trial); });
}

void decode_member(const StageContext& stage, const Member& member, CodecShelf& codecs) {
  const std::vector<int64_t> todo = pending_of(stage, member.name);
  if (todo.empty()) return;
  models::LatentCodec& codec = codecs.of(member);
  const auto decoder = stage.job.open.decoder(member);
  const int64_t batch = batch_of(codec);
  for (int64_t first = 0; first < static_cast<int64_t>(todo.size()); first += batch) {
    stop_if_interrupted(kHowToResume);
    const std::vector<int64_t> rows = part_of(todo, first, batch);
    write_low_level(stage, member.name, rows, codec.decode(predict(stage, member, *decoder, rows)));
    stage.progress.advance(kLowStage, static_cast<int64_t>(rows.size()));
  }
}

/// [n, C, h, w]: the mean over members of their latents for `rows`, one decoder in memory at a time.
at::Tensor mean_latents(const StageContext& stage, const std::vector<int64_t>& rows) {
  const models::LatentShape shape = stage.job.members.front().record.latent_shape;
  const auto count = static_cast<int64_t>(rows.size());
  require_memory(count * shape.channels * shape.height * shape.width * int64_t{sizeof(float)},
                 fmt::format("averaging the latents of {} trials", format_count(count)),
                 "reconstruct fewer --trials in one run");
  at::Tensor sum = at::zeros({count, shape.channels, shape.height, shape.width}, at::kFloat);
  for (const Member& member : stage.job.members) {
    const auto decoder = stage.job.open.decoder(member);
    for (int64_t first = 0; first < count; first += kMostInBatch) {
      stop_if_interrupted(kHowToResume);
      const std::vector<int64_t> part = part_of(rows, first, kMostInBatch);
      sum.narrow(0, first, static_cast<int64_t>(part.size())).add_(predict(stage, member, *decoder, part));
    }
  }
  return sum.div_(static_cast<double>(stage.job.members.size()));
}

void decode_average(const StageContext& stage, CodecShelf& codecs) {
  const std::vector<int64_t> todo = pending_of(stage, kAverageName);
  if (todo.empty()) return;
  const at::Tensor latents = mean_latents(stage, todo);
  models::LatentCodec& codec = codecs.of(stage.job.members.front());
  const int64_t batch = batch_of(codec);
  for (int64_t first = 0; first < latents.size(0); first += batch) {
    stop_if_interrupted(kHowToResume);
    const std::vector<int64_t> rows = part_of(todo, first, batch);
    const auto count = static_cast<int64_t>(rows.size());
    write_low_level(stage, kAverageName, rows, codec.decode(latents.narrow(0, first, count)));
    stage.progress.advance(kAverageStage, count);
  }
}

}  // namespace

void decode_stage(const StageContext& stage) {
  {
    CodecShelf codecs(stage.job);
    for (const Member& member : stage.job.members) decode_member(stage, member, codecs);
    if (stage.job.computes(Vote::kAverage)) decode_average(stage, codecs);
  }
  release_freed_memory();
}

}  // namespace fmri2img::reconstruction
