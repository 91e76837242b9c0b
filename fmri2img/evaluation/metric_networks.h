#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/evaluation/protocol.h"
#include "fmri2img/models/captioner.h"
#include "fmri2img/models/vision/lpips.h"

namespace fmri2img::models {
class ClipModel;
}

namespace fmri2img::evaluation {

class CaptionSpace;

/// Where the networks' weights are; what is not named is not computed.
struct MetricSources {
  std::filesystem::path weights;  ///< folder of torchvision's, SwAV's and LPIPS's files (doc/formats/metric_weights.md)
  std::filesystem::path clip;     ///< what `models::load_clip` reads
  std::filesystem::path blip;     ///< what `models::open_captioner` reads
};

/// Scores that there are no figures of, and why: "alexnet.pth is missing in ...".
struct NotComputed {
  std::vector<std::string> scores;
  std::string reason;
};

/// Weights that scores depend on.
struct NetworkFile {
  std::vector<std::string> scores;
  std::filesystem::path path;
  std::string hash;  ///< `weight_hash`
};

/// One score that a network's features give.
struct FeatureScore {
  std::string name;  ///< "alexnet2"
  bool distance;     ///< 1 - Pearson to the own target; else two-way identification
};

/// The networks that pictures are scored by, as one protocol feeds them.
class MetricNetworks {
 public:
  using Pictures = std::span<const at::Tensor>;  ///< uint8 [H, W, 3] each

  /// No network: every score of theirs is listed as not computed.
  MetricNetworks();

  /// Opens what is there. `height` and `width` are the pictures', for what is too small for LPIPS.
  /// Throws Error (mismatch) naming file, tensor and network for the weights of another network.
  MetricNetworks(const MetricSources& sources, Protocol protocol, int64_t height, int64_t width);

  ~MetricNetworks();
  MetricNetworks(MetricNetworks&&) noexcept;

  const std::vector<FeatureScore>& feature_scores() const { return feature_scores_; }

  /// One [N, D] float32 for each of `feature_scores`.
  std::vector<at::Tensor> features(Pictures pictures) const;

  /// Where CLIP's are among `feature_scores`.
  std::optional<size_t> clip_index() const { return clip_index_; }

  /// "lpips_alex" ...
  const std::vector<std::string>& lpips_scores() const { return lpips_scores_; }

  using PerceptualMaps = std::vector<std::vector<at::Tensor>>;  ///< for each of `lpips_scores` LPIPS's maps
  PerceptualMaps perceive(Pictures pictures) const;

  /// Shape: of one picture against N -> [N] for each of `lpips_scores`.
  std::vector<at::Tensor> distances(const PerceptualMaps& one, const PerceptualMaps& others) const;

  /// Captions of targets; null where caption cosine is not computed.
  models::Captioner* captioner() const { return captioner_.get(); }
  CaptionSpace* captions() const { return captions_.get(); }

  const std::vector<NotComputed>& not_computed() const { return not_computed_; }
  const std::vector<NetworkFile>& files() const { return files_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  /// One network: what it looks at, and the scores of what it gives.
  struct Entry {
    int64_t side;
    std::vector<double> mean, deviation;
    std::function<std::vector<at::Tensor>(const at::Tensor&)> run;  ///< normalised [N, 3, S, S] -> [N, D] each
  };
  struct VisionScores;

  void open_vision(const MetricSources& sources);
  void open_clip(const MetricSources& sources);
  void open_captions(const MetricSources& sources, const models::ClipModel& clip);
  void open_lpips(const MetricSources& sources, int64_t height, int64_t width);
  void miss(const std::vector<std::string>& scores, const std::string& reason);
  std::optional<std::filesystem::path> find(const MetricSources& sources,
                                            const std::vector<std::string>& scores,
                                            const std::string& wanted,
                                            const std::vector<std::string>& beginnings);
  void use(const std::vector<std::string>& scores, const std::filesystem::path& path);
  at::Tensor inputs(const std::vector<at::Tensor>& bases, const Entry& entry) const;

  Protocol protocol_;
  std::vector<Entry> entries_;
  std::vector<FeatureScore> feature_scores_;
  std::optional<size_t> clip_index_;
  std::vector<std::unique_ptr<models::Lpips>> perceptual_;
  std::vector<std::string> lpips_scores_;
  std::unique_ptr<models::Captioner> captioner_;
  std::unique_ptr<CaptionSpace> captions_;
  std::vector<NotComputed> not_computed_;
  std::vector<NetworkFile> files_;
  std::vector<std::string> notes_;
};

}  // namespace fmri2img::evaluation
