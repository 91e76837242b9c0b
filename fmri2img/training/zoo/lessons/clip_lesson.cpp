#include "fmri2img/training/zoo/lessons/clip_lesson.h"

#include <ATen/ATen.h>

#include "fmri2img/training/zoo/embedding_figures.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/pictures/blur.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kBlurredShare = 0.1;
constexpr double kMostBlur = 2;           // pixels
constexpr double kValidationBlur = 3;     // pixels
constexpr double kHighestLogScale = 4.6;  // about log 100, as in the paper
constexpr double kNever = -1e4;           // a logit
constexpr uint64_t kClipOrderSeed = 21;
constexpr int64_t kEmbeddedTogether = 100;

/// Which captions equal another's: true off the diagonal only.
at::Tensor same_captions(const at::Tensor& ids) {
  const at::Tensor same = (ids.unsqueeze(1) == ids.unsqueeze(0)).all(2);
  return same.logical_and(at::eye(ids.size(0), at::kBool).logical_not());
}

}  // namespace

ClipLesson::ClipLesson(models::ClipModel model,
                       const models::ImageProcessorOptions& processor,
                       const text::BytePairTokenizer& tokenizer,
                       const CaptionedPictures& pictures,
                       const CaptionedPictures& validation)
    : replicas_(make_replicas(model, model->options())),
      processor_(processor),
      tokenizer_(tokenizer),
      pictures_(pictures),
      validation_(validation) {}

std::vector<at::Tensor> ClipLesson::forward(const Share& share) {
  const CaptionedBatch batch = read_share(pictures_, share, kClipOrderSeed);
  const at::Tensor pictures =
      blur_some(to_normalised(batch.pictures, processor_), kBlurredShare, kMostBlur, share.generator);
  ids_[share.replica] = clip_ids(tokenizer_, batch.captions);
  models::ClipModel& model = replicas_[share.replica];
  const at::Tensor ids = without_padding(ids_[share.replica], tokenizer_.end_token());
  return {model->embed_pictures(pictures).to(at::kFloat), model->embed_texts(ids).to(at::kFloat)};
}

at::Tensor ClipLesson::loss(const std::vector<std::vector<at::Tensor>>& results) {
  std::vector<at::Tensor> pictures, texts;
  for (const auto& of_replica : results) {
    pictures.push_back(of_replica[0]);
    texts.push_back(of_replica[1]);
  }
  models::ClipModel& model = replicas_.front();
  {
    const at::NoGradGuard no_grad;
    model->logit_scale.clamp_max_(kHighestLogScale);
  }
  const at::Tensor ids = at::cat(std::vector<at::Tensor>(ids_.begin(), ids_.end()));
  const at::Tensor logits = model->logits(at::cat(pictures), at::cat(texts)).masked_fill(same_captions(ids), kNever);
  const at::Tensor own = at::arange(logits.size(0));
  return 0.5 * (at::cross_entropy_loss(logits, own) + at::cross_entropy_loss(logits.t(), own));
}

Json ClipLesson::validate() {
  models::ClipModel& model = replicas_.front();
  std::vector<at::Tensor> pictures, blurred, texts;
  for_each_batch(validation_, kEmbeddedTogether, [&](const CaptionedBatch& batch) {
    const at::Tensor normalised = to_normalised(batch.pictures, processor_);
    const at::Tensor deviations = at::full({normalised.size(0)}, kValidationBlur);
    pictures.push_back(model->embed_pictures(normalised));
    blurred.push_back(model->embed_pictures(blur(normalised, deviations)));
    texts.push_back(model->embed_texts(clip_ids(tokenizer_, batch.captions)));
  });
  return {{"caption_top1_of_100", caption_top1(at::cat(pictures), at::cat(texts))},
          {"blurred_two_way", two_way(at::cat(blurred), at::cat(pictures))}};
}

}  // namespace fmri2img::training
