#pragma once

#include <array>
#include <string>
#include <vector>

#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"
#include "fmri2img/training/zoo/pictures/mixed_pictures.h"

namespace fmri2img::training {

/// Teaches a BLIP to caption pictures, half of them sharp and half decoded from responses.
///
/// Loss: cross-entropy of each word of the caption, given the words before it.
class BlipLesson : public Lesson {
 public:
  /// Pictures to be captioned when the lesson is over, and what the figures' names begin with.
  struct Exam {
    std::string name;
    const CaptionedPictures* pictures;
  };

  /// `model` has its first weights; pictures and tokenizer outlive the lesson.
  BlipLesson(models::Blip model,
             models::ImageProcessorOptions processor,
             const text::WordPieceTokenizer& tokenizer,
             const MixedPictures& pictures,
             std::vector<Exam> exams);

  std::string name() const override { return "BLIP"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }
  std::vector<at::Tensor> forward(const Share& share) override;

  /// How often a caption is the picture's own, word for word ("sharp_exact" of the exam "sharp"), and names the same
  /// thing, colour and background first ("sharp_kind", "sharp_hue", "sharp_place"), where the own one names any.
  Json validate() override;

 private:
  Json score(const Exam& exam);

  std::array<models::Blip, kReplicas> replicas_;
  models::ImageProcessorOptions processor_;
  const text::WordPieceTokenizer& tokenizer_;
  MixedPictures pictures_;
  std::vector<Exam> exams_;
};

}  // namespace fmri2img::training
