#include "fmri2img/training/zoo/lessons/contrastive.h"

#include <ATen/ATen.h>

#include <vector>

#include "fmri2img/training/zoo/embedding_figures.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/pictures/blur.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kValidationBlur = 3;  // pixels
constexpr double kNever = -1e4;        // a logit
constexpr int64_t kEmbeddedTogether = 100;

/// Which captions equal another's: true off the diagonal only.
at::Tensor same_captions(const at::Tensor& ids) {
  const at::Tensor same = (ids.unsqueeze(1) == ids.unsqueeze(0)).all(2);
  return same.logical_and(at::eye(ids.size(0), at::kBool).logical_not());
}

}  // namespace

at::Tensor contrastive_loss(const at::Tensor& logits, const at::Tensor& ids) {
  const at::Tensor counted = logits.masked_fill(same_captions(ids), kNever);
  const at::Tensor own = at::arange(counted.size(0));
  return 0.5 * (at::cross_entropy_loss(counted, own) + at::cross_entropy_loss(counted.t(), own));
}

Json clip_figures(models::ClipModel model,
                  const models::ImageProcessorOptions& processor,
                  const text::BytePairTokenizer& tokenizer,
                  const CaptionedPictures& pictures) {
  std::vector<at::Tensor> sharp, blurred, texts;
  for_each_batch(pictures, kEmbeddedTogether, [&](const CaptionedBatch& batch) {
    const at::Tensor normalised = to_normalised(batch.pictures, processor);
    const at::Tensor deviations = at::full({normalised.size(0)}, kValidationBlur);
    sharp.push_back(model->embed_pictures(normalised));
    blurred.push_back(model->embed_pictures(blur(normalised, deviations)));
    texts.push_back(model->embed_texts(clip_ids(tokenizer, batch.captions)));
  });
  return {{"caption_top1_of_100", caption_top1(at::cat(sharp), at::cat(texts))},
          {"blurred_two_way", two_way(at::cat(blurred), at::cat(sharp))}};
}

double caption_two_way(models::ClipModel model,
                       const models::ImageProcessorOptions& processor,
                       const text::BytePairTokenizer& tokenizer,
                       const CaptionedPictures& pictures) {
  std::vector<at::Tensor> embeddings, texts;
  for_each_batch(pictures, kEmbeddedTogether, [&](const CaptionedBatch& batch) {
    embeddings.push_back(model->embed_pictures(to_normalised(batch.pictures, processor)));
    texts.push_back(model->embed_texts(clip_ids(tokenizer, batch.captions)));
  });
  return two_way(at::cat(embeddings), at::cat(texts));
}

}  // namespace fmri2img::training
