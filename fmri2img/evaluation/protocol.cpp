#include "fmri2img/evaluation/protocol.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/resize.h"
#include "fmri2img/io/resize_image.h"

namespace fmri2img::evaluation {
namespace {

constexpr int64_t kMindEyeSide = 256;        // MedARC's notebook brings every picture to this first
constexpr int64_t kPublishedSide = 425;      // the size of NSD's pictures as shown
constexpr int64_t kBrainDiffuserSide = 224;  // of every network's input in its eval_extract_features.py

at::Tensor to_unit_range(const at::Tensor& picture) {
  return picture.permute({2, 0, 1}).to(at::kFloat).div_(255);
}

std::vector<std::string> published(const char* ssim) {
  return {"pixel_correlation", ssim, "alexnet2", "alexnet5", "inception", "clip", "efficientnet", "swav"};
}

std::vector<Protocol> make_protocols() {
  return {{"native", "values in [0, 1] at the codec's size", Resizing::kNone, false, 0, {}},
          {"mindeye2-1000",
           "MindEye2: bilinear to 256, then 425; 1,000 shared pictures",
           Resizing::kTensorBilinear,
           false,
           1000,
           published("ssim")},
          {"mindeye1-982",
           "MindEye1: bilinear to 256, then 425; 982 shared pictures",
           Resizing::kTensorBilinear,
           false,
           982,
           published("ssim")},
          {"brain-diffuser",
           "Brain-Diffuser: Pillow's bicubic to 425, column-wise SSIM; 982 shared pictures",
           Resizing::kPillowBicubic,
           false,
           982,
           published("ssim_1d")}};
}

}  // namespace

std::string Protocol::label() const {
  return antialiased() ? name + ", antialiased" : name;
}

std::string Protocol::file_suffix() const {
  if (name == "native") return {};
  return "_" + name + (antialiased() ? "_antialiased" : "");
}

std::string Protocol::options() const {
  if (name == "native") return {};
  return " --preset " + name + (antialiased() ? " --antialias" : "");
}

at::Tensor Protocol::prepare(const at::Tensor& picture) const {
  switch (resizing) {
    case Resizing::kNone:
      break;
    case Resizing::kTensorBilinear:
      return resize_bilinear(
          resize_bilinear(to_unit_range(picture), kMindEyeSide, antialias), kPublishedSide, antialias);
    case Resizing::kPillowBicubic:
      return to_unit_range(resize_as_pillow(picture, kPublishedSide));
  }
  return to_unit_range(picture);
}

at::Tensor Protocol::network_base(const at::Tensor& picture) const {
  switch (resizing) {
    case Resizing::kNone:
      break;
    case Resizing::kTensorBilinear:
      return resize_bilinear(to_unit_range(picture), kMindEyeSide, antialias);
    case Resizing::kPillowBicubic:
      return to_unit_range(io::resize_image(picture, kBrainDiffuserSide, kBrainDiffuserSide, io::Filter::kBilinear));
  }
  return to_unit_range(picture);
}

at::Tensor Protocol::network_input(const at::Tensor& base, int64_t side) const {
  if (resizing == Resizing::kPillowBicubic) return base;
  if (base.size(1) == side && base.size(2) == side) return base;
  return resize_bilinear(base, side, antialias || resizing == Resizing::kNone);
}

const std::vector<Protocol>& all_protocols() {
  static const std::vector<Protocol> kProtocols = make_protocols();
  return kProtocols;
}

const Protocol& find_protocol(const std::string& name) {
  std::vector<std::string> names;
  for (const Protocol& protocol : all_protocols()) {
    if (protocol.name == name) return protocol;
    names.push_back(protocol.name);
  }
  fail(ErrorKind::kWrongUsage, "there is no preset \"{}\"{}", name, did_you_mean(name, names));
}

}  // namespace fmri2img::evaluation
