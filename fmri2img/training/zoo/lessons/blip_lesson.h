#pragma once

#include <array>

#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/word_piece_tokenizer.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Teaches a BLIP to caption pictures, half of them sharp and half decoded from responses.
///
/// Loss: cross-entropy of each word of the caption, given the words before it. A fifth of the sharp pictures is
/// blurred.
class BlipLesson : public Lesson {
 public:
  /// Sharp pictures, and blurry ones as decoders make them, which may be missing.
  struct Pictures {
    const CaptionedPictures& sharp;
    const CaptionedPictures* decoded;
  };

  /// `model` has its first weights; pictures and tokenizer outlive the lesson.
  BlipLesson(models::Blip model,
             const models::ImageProcessorOptions& processor,
             const text::WordPieceTokenizer& tokenizer,
             const Pictures& pictures,
             const Pictures& validation);

  std::string name() const override { return "BLIP"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }
  std::vector<at::Tensor> forward(const Share& share) override;

  /// How often a caption is the picture's own, word for word ("sharp_exact"), and names the same thing, colour and
  /// background first ("sharp_kind", "sharp_hue", "sharp_place"), where the own one names any; the same of decoded
  /// pictures.
  Json validate() override;

 private:
  Json score(const CaptionedPictures& pictures, const std::string& prefix);

  std::array<models::Blip, kReplicas> replicas_;
  models::ImageProcessorOptions processor_;
  const text::WordPieceTokenizer& tokenizer_;
  Pictures pictures_, validation_;
};

}  // namespace fmri2img::training
