#include "fmri2img/training/zoo/lessons/clip_practice_lesson.h"

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/lessons/contrastive.h"

namespace fmri2img::training {

ClipPracticeLesson::ImageTowerImpl::ImageTowerImpl(models::ClipModel& model) {
  register_module("vision_model", model->vision_model);
  register_module("visual_projection", model->visual_projection);
}

ClipPracticeLesson::ClipPracticeLesson(models::ClipModel model,
                                       models::ImageProcessorOptions processor,
                                       const text::BytePairTokenizer& tokenizer,
                                       const MixedPictures& pictures,
                                       const Exams& exams)
    : replicas_(make_replicas(model, model->options())),
      towers_{ImageTower(replicas_[0]), ImageTower(replicas_[1])},
      processor_(std::move(processor)),
      tokenizer_(tokenizer),
      pictures_(pictures),
      exams_(exams) {
  for (models::ClipModel& replica : replicas_) {
    for (at::Tensor& parameter : replica->parameters()) parameter.requires_grad_(false);
  }
  for (ImageTower& tower : towers_) {
    for (at::Tensor& parameter : tower->parameters()) parameter.requires_grad_(true);
  }
}

std::vector<at::Tensor> ClipPracticeLesson::forward(const Share& share) {
  const NormalisedBatch batch = read_mixed_share(pictures_, share, processor_);
  models::ClipModel& model = replicas_[share.replica];
  ids_[share.replica] = clip_ids(tokenizer_, batch.captions);
  const at::Tensor ids = without_padding(ids_[share.replica], tokenizer_.end_token());
  texts_[share.replica] = model->embed_texts(ids).to(at::kFloat);
  return {model->embed_pictures(batch.pictures).to(at::kFloat)};
}

at::Tensor ClipPracticeLesson::loss(const std::vector<std::vector<at::Tensor>>& results) {
  std::vector<at::Tensor> pictures;
  for (const auto& of_replica : results) pictures.push_back(of_replica[0]);
  const at::Tensor texts = at::cat(std::vector<at::Tensor>(texts_.begin(), texts_.end()));
  const at::Tensor ids = at::cat(std::vector<at::Tensor>(ids_.begin(), ids_.end()));
  return contrastive_loss(replicas_.front()->logits(at::cat(pictures), texts), ids);
}

Json ClipPracticeLesson::validate() {
  models::ClipModel& model = replicas_.front();
  Json figures = clip_figures(model, processor_, tokenizer_, exams_.sharp);
  figures["ridge_caption_two_way"] = caption_two_way(model, processor_, tokenizer_, exams_.decoded);
  return figures;
}

}  // namespace fmri2img::training
