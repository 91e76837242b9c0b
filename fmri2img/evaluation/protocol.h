#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fmri2img::evaluation {

/// How pictures are brought to one size before they are compared.
enum class Resizing {
  kNone,            ///< compared at the size of the low-level pictures, the codec's
  kTensorBilinear,  ///< torchvision's tensor resize: to 256, then to 425
  kPillowBicubic,   ///< Pillow's resize of 8-bit pictures to 425
};

/// One published way to score pictures, or our own. Figures of different protocols never stand in one column.
struct Protocol {
  std::string name;
  std::string description;
  Resizing resizing = Resizing::kNone;
  bool antialias = false;              ///< of kTensorBilinear
  int64_t images = 0;                  ///< of the published figures; 0: none
  std::vector<std::string> published;  ///< the keys whose values the publication reports

  /// "mindeye1-982", or "mindeye1-982, antialiased": what heads a table.
  std::string label() const;

  /// Of files of its figures: empty for `native`, "_mindeye1-982", "_mindeye1-982_antialiased".
  std::string file_suffix() const;

  /// Options of `evaluate` that ask for it: empty for `native`.
  std::string options() const;

  /// uint8 [H, W, 3] -> float32 [3, h, w] in [0, 1].
  at::Tensor prepare(const at::Tensor& picture) const;

  /// What networks get to see is made of this; LPIPS compares it as it is. uint8 [H, W, 3] -> float32 [3, h, w] in
  /// [0, 1]: 256 x 256 of the mindeye presets, 224 x 224 of brain-diffuser (Pillow's bilinear), else the picture's own
  /// size.
  at::Tensor network_base(const at::Tensor& picture) const;

  /// The base at a network's own size: 224 of brain-diffuser, whatever the network's `side` is. `native` antialiases.
  at::Tensor network_input(const at::Tensor& base, int64_t side) const;

 private:
  bool antialiased() const { return antialias && resizing == Resizing::kTensorBilinear; }  ///< decides nothing else
};

/// `native`: [0, 1] at the codec's size, to which larger pictures are reduced (antialiased). `mindeye2-1000` and
/// `mindeye1-982` (MedARC's notebook; bilinear without antialiasing unless asked for, as the pinned torchvision 0.16
/// does), `brain-diffuser` (SSIM is `ssim_1d` there).
const std::vector<Protocol>& all_protocols();

/// Throws Error (wrong usage) naming the nearest ones.
const Protocol& find_protocol(const std::string& name);

}  // namespace fmri2img::evaluation
