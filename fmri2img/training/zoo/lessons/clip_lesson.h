#pragma once

#include <array>

#include "fmri2img/models/clip/clip_model.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Teaches a CLIP which caption belongs to which picture.
///
/// Loss: `contrastive_loss`. A tenth of the pictures is blurred a little.
class ClipLesson : public Lesson {
 public:
  /// `model` has its first weights; pictures and tokenizer outlive the lesson.
  ClipLesson(models::ClipModel model,
             models::ImageProcessorOptions processor,
             const text::BytePairTokenizer& tokenizer,
             const CaptionedPictures& pictures,
             const CaptionedPictures& validation);

  std::string name() const override { return "CLIP"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }

  /// Embeddings of pictures and captions.
  std::vector<at::Tensor> forward(const Share& share) override;

  at::Tensor loss(const std::vector<std::vector<at::Tensor>>& results) override;

  /// `clip_figures`.
  Json validate() override;

 private:
  std::array<models::ClipModel, kReplicas> replicas_;
  std::array<at::Tensor, kReplicas> ids_;  // of the step's captions
  models::ImageProcessorOptions processor_;
  const text::BytePairTokenizer& tokenizer_;
  const CaptionedPictures& pictures_;
  const CaptionedPictures& validation_;
};

}  // namespace fmri2img::training
