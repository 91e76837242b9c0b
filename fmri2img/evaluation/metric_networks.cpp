#include "fmri2img/evaluation/metric_networks.h"

#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/evaluation/caption_space.h"
#include "fmri2img/evaluation/weight_files.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/text/find_tokenizer.h"

namespace fmri2img::evaluation {
namespace {

namespace fs = std::filesystem;
using models::VisionNetwork;

using Strings = std::vector<std::string>;

constexpr int64_t kClipL14Width = 768;  // of its projection
const std::vector<double> kImageNetMean = {.485, .456, .406};
const std::vector<double> kImageNetDeviation = {.229, .224, .225};
const Strings kClipScores = {"clip", "retrieval_clip_l_target", "retrieval_clip_l_reconstruction"};

/// The flattened maps with these numbers.
std::function<std::vector<at::Tensor>(const at::Tensor&)> chosen_features(
    std::shared_ptr<const models::FeatureNetwork> network, std::vector<size_t> maps) {
  return [network = std::move(network), maps = std::move(maps)](const at::Tensor& pictures) {
    const std::vector<at::Tensor> all = network->features(pictures);
    std::vector<at::Tensor> chosen;
    for (const size_t map : maps) chosen.push_back(all[map].contiguous().flatten(1));
    return chosen;
  };
}

at::Tensor to_row(const std::vector<double>& values) {
  return torch::tensor(values, at::kFloat).view({1, 3, 1, 1});
}

}  // namespace

/// One network of ImageNet's and what is taken from it. Sides: MedARC's final_evaluations.ipynb.
struct MetricNetworks::VisionScores {
  VisionNetwork network;
  int64_t side;
  std::string wanted;
  Strings beginnings;
  std::vector<FeatureScore> scores;
  std::vector<size_t> maps;
  std::string other_version = {};  ///< how files begin that fit the network, but are not the protocol's

  static std::vector<VisionScores> all(const Protocol& protocol) {
    // torchvision has two sets of EfficientNet-B1's weights; Brain-Diffuser's call gave the first, today's the second.
    Strings efficientnet{"efficientnet_b1", "efficientnet_b1-", "efficientnet_b1_rwightman-"};
    if (protocol.name == "brain-diffuser") std::swap(efficientnet[1], efficientnet[2]);
    return {{VisionNetwork::kAlexNet,
             256,
             "alexnet.pth",
             {"alexnet", "alexnet-"},
             {{"alexnet2", false}, {"alexnet5", false}},
             {1, 4}},
            {VisionNetwork::kInceptionV3,
             342,
             "inception_v3.pth",
             {"inception_v3", "inception_v3_google-"},
             {{"inception", false}},
             {0}},
            {VisionNetwork::kEfficientNetB1,
             255,
             "efficientnet_b1.pth",
             efficientnet,
             {{"efficientnet", true}},
             {0},
             efficientnet.back()},
            {VisionNetwork::kResNet50,
             224,
             "swav_resnet50.pth",
             {"swav_resnet50", "swav_800ep_pretrain"},
             {{"swav", true}},
             {0}}};
  }
};

MetricNetworks::MetricNetworks() : MetricNetworks(MetricSources(), find_protocol("native"), 0, 0) {}

MetricNetworks::MetricNetworks(const MetricSources& sources, Protocol protocol, int64_t height, int64_t width)
    : protocol_(std::move(protocol)) {
  open_vision(sources);
  open_clip(sources);
  open_lpips(sources, height, width);
}

MetricNetworks::~MetricNetworks() = default;
MetricNetworks::MetricNetworks(MetricNetworks&&) noexcept = default;

void MetricNetworks::miss(const Strings& scores, const std::string& reason) {
  for (NotComputed& known : not_computed_) {
    if (known.reason != reason) continue;
    known.scores.insert(known.scores.end(), scores.begin(), scores.end());
    return;
  }
  not_computed_.push_back({scores, reason});
}

std::optional<fs::path> MetricNetworks::find(const MetricSources& sources,
                                             const Strings& scores,
                                             const std::string& wanted,
                                             const Strings& beginnings) {
  if (sources.weights.empty()) {
    miss(scores, fmt::format("\"{}\" is missing (--metric-weights names its folder)", wanted));
    return std::nullopt;
  }
  auto found = find_weight_file(sources.weights, {wanted, beginnings});
  if (!found) miss(scores, fmt::format("\"{}\" is missing", (sources.weights / wanted).string()));
  return found;
}

void MetricNetworks::use(const Strings& scores, const fs::path& path) {
  for (NetworkFile& file : files_) {
    if (file.path != path) continue;
    file.scores.insert(file.scores.end(), scores.begin(), scores.end());
    return;
  }
  files_.push_back({scores, path, weight_hash(path)});
}

void MetricNetworks::open_vision(const MetricSources& sources) {
  for (const VisionScores& wanted : VisionScores::all(protocol_)) {
    Strings names;
    for (const FeatureScore& score : wanted.scores) names.push_back(score.name);
    const auto file = find(sources, names, wanted.wanted, wanted.beginnings);
    if (!file) continue;
    std::shared_ptr<const models::FeatureNetwork> network = models::open_feature_network(wanted.network, *file);
    use(names, *file);
    if (!wanted.other_version.empty() && file->filename().string().starts_with(wanted.other_version)) {
      notes_.push_back(
          fmt::format("\"{}\" is another set of weights than the preset's: {} does not compare with published figures",
                      file->string(),
                      fmt::join(names, ", ")));
    }
    entries_.push_back({wanted.side, kImageNetMean, kImageNetDeviation, chosen_features(network, wanted.maps)});
    feature_scores_.insert(feature_scores_.end(), wanted.scores.begin(), wanted.scores.end());
  }
}

void MetricNetworks::open_clip(const MetricSources& sources) {
  if (sources.clip.empty()) {
    const std::string reason = "CLIP is missing: \"ViT-L-14.pt\" or a folder of transformers (--clip names it)";
    miss(kClipScores, reason);
    miss({"caption_cosine"}, reason);
    return;
  }
  models::LoadedClip loaded = models::load_clip(sources.clip);
  nn::prepare_for_inference(*loaded.model, at::kFloat);
  use(kClipScores, sources.clip);
  const auto& mean = loaded.processor.image_mean;
  const auto& deviation = loaded.processor.image_std;
  clip_index_ = feature_scores_.size();
  feature_scores_.push_back({"clip", false});
  entries_.push_back({loaded.model->options().vision.image_size,
                      {mean.begin(), mean.end()},
                      {deviation.begin(), deviation.end()},
                      [clip = loaded.model](const at::Tensor& pictures) mutable {
                        return std::vector<at::Tensor>{clip->embed_pictures(pictures)};
                      }});
  if (loaded.model->options().projection_dim != kClipL14Width) {
    notes_.push_back(fmt::format("\"{}\" is no CLIP ViT-L/14: its figures do not compare with published ones",
                                 sources.clip.string()));
  }
  open_captions(sources, loaded.model);
}

void MetricNetworks::open_captions(const MetricSources& sources, const models::ClipModel& clip) {
  if (sources.blip.empty())
    return miss({"caption_cosine"}, "BLIP is missing: a folder of transformers (--blip names it)");
  if (!clip->has_text() || !fs::is_directory(sources.clip)) {
    return miss({"caption_cosine"},
                fmt::format("\"{}\" has no text tower with a tokenizer beside it", sources.clip.string()));
  }
  const bool inside = fs::exists(sources.clip / "config.json");
  const text::TokenizerFolder tokenizer = text::find_tokenizer(inside ? sources.clip : sources.clip / "clip");
  captions_ = std::make_unique<CaptionSpace>(clip, tokenizer.folder);
  captioner_ = models::open_captioner(sources.blip);
  use({"caption_cosine"}, sources.clip);
  use({"caption_cosine"}, sources.blip);
}

void MetricNetworks::open_lpips(const MetricSources& sources, int64_t height, int64_t width) {
  using models::LpipsNet;
  const bool own_size = protocol_.resizing == Resizing::kNone;
  const bool too_small = own_size && !sources.weights.empty() && std::min(height, width) < models::Lpips::kSmallestSide;
  const std::vector<std::pair<LpipsNet, Strings>> nets = {{LpipsNet::kAlex, {"alexnet", "alexnet-"}},
                                                          {LpipsNet::kSqueeze, {"squeezenet1_1", "squeezenet1_1-"}},
                                                          {LpipsNet::kVgg, {"vgg16", "vgg16-"}}};
  for (const auto& [net, beginnings] : nets) {
    const std::string name = models::lpips_name(net), score = "lpips_" + name;
    if (too_small) {
      miss({score},
           fmt::format("pictures of {} x {} are smaller than LPIPS's {}", height, width, models::Lpips::kSmallestSide));
      continue;
    }
    if (sources.weights.empty()) {
      miss({score},
           fmt::format("\"{}.pth\" and \"{}.pth\" are missing (--metric-weights names their folder)",
                       beginnings.front(),
                       score));
      continue;
    }
    const auto backbone = find(sources, {score}, beginnings.front() + ".pth", beginnings);
    if (!backbone) continue;
    const auto heads = find(sources, {score}, score + ".pth", {score, "lpips_v0.1_" + name});
    if (!heads) continue;
    perceptual_.push_back(models::Lpips::open(net, *backbone, *heads));
    lpips_scores_.push_back(score);
    use({score}, *backbone);
    use({score}, *heads);
  }
}

at::Tensor MetricNetworks::inputs(const std::vector<at::Tensor>& bases, const Entry& entry) const {
  std::vector<at::Tensor> resized;
  for (const at::Tensor& base : bases) resized.push_back(protocol_.network_input(base, entry.side));
  return (at::stack(resized) - to_row(entry.mean)) / to_row(entry.deviation);
}

std::vector<at::Tensor> MetricNetworks::features(Pictures pictures) const {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> bases, all;
  for (const at::Tensor& picture : pictures) bases.push_back(protocol_.network_base(picture));
  for (const Entry& entry : entries_) {
    for (const at::Tensor& features : entry.run(inputs(bases, entry))) all.push_back(features);
  }
  return all;
}

MetricNetworks::PerceptualMaps MetricNetworks::perceive(Pictures pictures) const {
  const at::NoGradGuard no_grad;
  PerceptualMaps maps;
  if (perceptual_.empty()) return maps;
  std::vector<at::Tensor> bases;
  for (const at::Tensor& picture : pictures) bases.push_back(protocol_.network_base(picture));
  const at::Tensor batch = at::stack(bases) * 2 - 1;
  for (const auto& lpips : perceptual_) maps.push_back(lpips->features(batch));
  return maps;
}

std::vector<at::Tensor> MetricNetworks::distances(const PerceptualMaps& one, const PerceptualMaps& others) const {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> all;
  for (size_t i = 0; i < perceptual_.size(); ++i) all.push_back(perceptual_[i]->distances(one[i], others[i]));
  return all;
}

}  // namespace fmri2img::evaluation
