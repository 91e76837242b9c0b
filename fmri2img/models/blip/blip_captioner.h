#pragma once

#include <filesystem>
#include <unordered_set>

#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/captioner.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/word_piece_tokenizer.h"

namespace fmri2img::models {

/// The folder's image processor; where it says nothing, BLIP's default at the model's size.
ImageProcessorOptions read_blip_processor(const std::filesystem::path& folder, int64_t side);

/// Throws Error unless a processed picture [3, h, w] is of `side` x `side` pixels, the model's.
void check_blip_input(const at::Tensor& input, int64_t side);

/// Captions by BLIP. One thread uses it.
///
/// Source: transformers 5.24, BlipProcessor and BlipForConditionalGeneration.
/// Differs: "[DEC]" and "[ENC]" never appear in a text, also where the folder's tokenizer does not call them special.
class BlipCaptioner : public Captioner {
 public:
  /// Reads config.json, the weights, the tokenizer and preprocessor_config.json (without it: BLIP's defaults at the
  /// model's size).
  BlipCaptioner(const std::filesystem::path& folder, const CaptionerOptions& options);

  std::vector<Caption> caption(std::span<const at::Tensor> pictures) override;

 private:
  std::string to_text(const std::vector<int64_t>& tokens) const;

  Blip model_{nullptr};
  text::WordPieceTokenizer tokenizer_;
  std::unordered_set<int64_t> known_tokens_;
  ImageProcessor processor_;
  std::vector<int64_t> prompt_;
  GenerationOptions generation_;
  at::ScalarType dtype_;
  at::Device device_;
};

}  // namespace fmri2img::models
