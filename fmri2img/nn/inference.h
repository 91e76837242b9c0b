#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace torch::nn {
class Module;
}

namespace fmri2img::nn {

struct InferenceOptions {
  at::ScalarType dtype = at::kFloat;  ///< of convolutions and products: at::kFloat, at::kBFloat16 or at::kHalf
  at::Device device = at::kCPU;

  /// With bfloat16, where this machine's kernels make it faster: feature maps stay in float32, and convolutions of
  /// large maps are Winograd's in float32. The module's input may then be of either type.
  bool fastest_mix = false;
};

/// Readies a loaded module for use without training: parameters no longer ask for gradients, and the weights of
/// convolutions, linear layers and embeddings are kept in `dtype` and in the order in which the kernels want them.
/// Normalisations keep float32. The input of the module has to be of `dtype`, unless it is made of layers that convert
/// it. In float32 the feature maps between its layers may be blocked (`blocked.h`), which only modules made of this
/// folder's layers, `feature_map.h` and elementwise operations can take. Layers no longer have their weights under
/// their names.
void prepare_for_inference(torch::nn::Module& module, const InferenceOptions& options);

inline void prepare_for_inference(torch::nn::Module& module, at::ScalarType dtype) {
  prepare_for_inference(module, InferenceOptions{.dtype = dtype});
}

}  // namespace fmri2img::nn
