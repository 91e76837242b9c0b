#include "fmri2img/models/vision/feature_network.h"

#include "fmri2img/core/check.h"
#include "fmri2img/models/vision/alexnet.h"
#include "fmri2img/models/vision/efficientnet.h"
#include "fmri2img/models/vision/inception.h"
#include "fmri2img/models/vision/resnet.h"
#include "fmri2img/models/vision/squeezenet.h"
#include "fmri2img/models/vision/vgg.h"

namespace fmri2img::models {

std::string network_name(VisionNetwork network) {
  switch (network) {
    case VisionNetwork::kAlexNet:
      return "torchvision's AlexNet";
    case VisionNetwork::kSqueezeNet:
      return "torchvision's SqueezeNet 1.1";
    case VisionNetwork::kVgg16:
      return "torchvision's VGG-16";
    case VisionNetwork::kInceptionV3:
      return "torchvision's Inception-v3";
    case VisionNetwork::kEfficientNetB1:
      return "torchvision's EfficientNet-B1";
    case VisionNetwork::kResNet50:
      return "SwAV's ResNet-50";
  }
  fail(ErrorKind::kFailed, "internal error: unknown network");
}

std::unique_ptr<FeatureNetwork> make_feature_network(VisionNetwork network, NamedWeights& weights) {
  switch (network) {
    case VisionNetwork::kAlexNet:
      return std::make_unique<AlexNet>(weights);
    case VisionNetwork::kSqueezeNet:
      return std::make_unique<SqueezeNet>(weights);
    case VisionNetwork::kVgg16:
      return std::make_unique<Vgg16>(weights);
    case VisionNetwork::kInceptionV3:
      return std::make_unique<InceptionV3>(weights);
    case VisionNetwork::kEfficientNetB1:
      return std::make_unique<EfficientNetB1>(weights);
    case VisionNetwork::kResNet50:
      return std::make_unique<ResNet50>(weights);
  }
  fail(ErrorKind::kFailed, "internal error: unknown network");
}

std::unique_ptr<FeatureNetwork> open_feature_network(VisionNetwork network, const std::filesystem::path& path) {
  NamedWeights weights = NamedWeights::open(path, network_name(network));
  auto made = make_feature_network(network, weights);
  weights.finish();
  return made;
}

}  // namespace fmri2img::models
