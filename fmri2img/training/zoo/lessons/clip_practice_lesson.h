#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "fmri2img/models/clip/clip_model.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/mixed_pictures.h"

namespace fmri2img::training {

/// Teaches the image tower of a trained CLIP what decoded pictures show, by the captions of what was seen; the text
/// tower stays as it is.
///
/// Loss: `contrastive_loss`, at the temperature that the CLIP has learned.
class ClipPracticeLesson : public Lesson {
 public:
  /// Pictures that nobody learns from: sharp ones, and those of a decoder.
  struct Exams {
    const CaptionedPictures& sharp;
    const CaptionedPictures& decoded;
  };

  /// Ends the gradients of all that is not the image tower. Pictures and tokenizer outlive the lesson.
  ClipPracticeLesson(models::ClipModel model,
                     models::ImageProcessorOptions processor,
                     const text::BytePairTokenizer& tokenizer,
                     const MixedPictures& pictures,
                     const Exams& exams);

  std::string name() const override { return "CLIP's image tower"; }
  torch::nn::Module& replica(size_t index) override { return *towers_[index]; }

  /// Embeddings of pictures.
  std::vector<at::Tensor> forward(const Share& share) override;

  at::Tensor loss(const std::vector<std::vector<at::Tensor>>& results) override;

  /// `clip_figures` of the sharp pictures, and "ridge_caption_two_way", `caption_two_way` of the decoded ones.
  Json validate() override;

 private:
  /// Of a CLIP what looks at pictures.
  struct ImageTowerImpl : torch::nn::Module {
    explicit ImageTowerImpl(models::ClipModel& model);
  };
  TORCH_MODULE(ImageTower);

  std::array<models::ClipModel, kReplicas> replicas_;
  std::array<ImageTower, kReplicas> towers_;
  std::array<at::Tensor, kReplicas> ids_, texts_;  // of the step's captions
  models::ImageProcessorOptions processor_;
  const text::BytePairTokenizer& tokenizer_;
  MixedPictures pictures_;
  Exams exams_;
};

}  // namespace fmri2img::training
