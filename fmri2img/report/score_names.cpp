#include "fmri2img/report/score_names.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/findings/readable_key.h"

namespace fmri2img::report {
namespace {

struct KnownScore {
  const char *key, *title;
  bool percent, higher_is_better;
};

/// In the order of columns: that of the field's tables, then what they do not have.
constexpr std::array kKnownScores = {
    KnownScore{"pixel_correlation", "Pixel correlation", false, true},
    KnownScore{"ssim", "SSIM", false, true},
    KnownScore{"ssim_1d", "SSIM (column-wise)", false, true},
    KnownScore{"mse", "MSE", false, false},
    KnownScore{"alexnet2", "AlexNet(2)", true, true},
    KnownScore{"alexnet5", "AlexNet(5)", true, true},
    KnownScore{"inception", "Inception", true, true},
    KnownScore{"clip", "CLIP", true, true},
    KnownScore{"efficientnet", "EfficientNet-B1", false, false},
    KnownScore{"swav", "SwAV", false, false},
    KnownScore{"lpips_alex", "LPIPS (AlexNet)", false, false},
    KnownScore{"lpips_squeeze", "LPIPS (SqueezeNet)", false, false},
    KnownScore{"lpips_vgg", "LPIPS (VGG)", false, false},
    KnownScore{"similarity", "CLIP similarity", false, true},
    KnownScore{"identification", "Two-way identification", true, true},
    KnownScore{"identification_n_way", "n-way identification", true, true},
    KnownScore{"identification_top1", "Top-1 identification", true, true},
    KnownScore{"retrieval_image", "Image retrieval", true, true},
    KnownScore{"retrieval_brain", "Brain retrieval", true, true},
    KnownScore{"retrieval_clip_l_target", "CLIP-L retrieval of targets", true, true},
    KnownScore{"retrieval_clip_l_reconstruction", "CLIP-L retrieval of reconstructions", true, true},
    KnownScore{"caption_cosine", "Caption similarity", false, true},
};

}  // namespace

ScoreName score_name(std::string_view key) {
  for (size_t i = 0; i < kKnownScores.size(); ++i) {
    const KnownScore& known = kKnownScores[i];
    if (key == known.key) return {known.key, known.title, known.percent, known.higher_is_better, static_cast<int>(i)};
  }
  const bool share = key.starts_with("retrieval") || key.starts_with("identification");
  return {std::string(key), findings::readable_key(key), share};
}

std::string show_score(const ScoreName& name, double value) {
  return name.percent ? fmt::format("{:.1f} %", 100 * value) : fmt::format("{:.3f}", value);
}

}  // namespace fmri2img::report
