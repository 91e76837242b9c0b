#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/models/blip/generation_options.h"

namespace fmri2img::models {

struct Caption {
  std::vector<int64_t> tokens;  ///< as the model gave them, special tokens too
  std::string text;
};

/// Says in words what is in a picture.
class Captioner {
 public:
  virtual ~Captioner() = default;

  /// One caption for each picture, uint8 [H, W, 3] of any size. A caption does not depend on its neighbours.
  virtual std::vector<Caption> caption(std::span<const at::Tensor> pictures) = 0;
};

/// How pictures reach the model.
enum class CaptionInput {
  kProcessor,  ///< as the folder's preprocessor_config.json says

  /// The 8-bit values 0 to 255 themselves, without normalisation, resized to the model's size with Pillow's bilinear
  /// filter: the mistake of the system that this one re-implements, which resizes a Pillow picture and hands its bytes
  /// to the model. For comparing with that only.
  kRaw255,
};

struct CaptionerOptions {
  CaptionInput input = CaptionInput::kProcessor;
  GenerationOptions generation;

  /// Captions begin with these words ("a photography of").
  std::string prompt;

  /// at::kFloat, or at::kBFloat16 for weights and products in bfloat16.
  at::ScalarType dtype = at::kFloat;
  at::Device device = at::kCPU;
};

/// The captioner of a BLIP folder of transformers, or of the folder `blip` in a zoo. Throws Error saying what is
/// missing or does not fit; (wrong usage) for options out of range.
std::unique_ptr<Captioner> open_captioner(const std::filesystem::path& folder, const CaptionerOptions& options = {});

}  // namespace fmri2img::models
