#include "fmri2img/training/zoo/lessons/clip_lesson.h"

#include <ATen/ATen.h>

#include <utility>

#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/contrastive.h"
#include "fmri2img/training/zoo/pictures/blur.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kBlurredShare = 0.1;
constexpr double kMostBlur = 2;           // pixels
constexpr double kHighestLogScale = 4.6;  // about log 100, as in the paper
constexpr uint64_t kClipOrderSeed = 21;

}  // namespace

ClipLesson::ClipLesson(models::ClipModel model,
                       models::ImageProcessorOptions processor,
                       const text::BytePairTokenizer& tokenizer,
                       const CaptionedPictures& pictures,
                       const CaptionedPictures& validation)
    : replicas_(make_replicas(model, model->options())),
      processor_(std::move(processor)),
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
  return contrastive_loss(model->logits(at::cat(pictures), at::cat(texts)), ids);
}

Json ClipLesson::validate() {
  return clip_figures(replicas_.front(), processor_, tokenizer_, validation_);
}

}  // namespace fmri2img::training
