#pragma once

#include <c10/core/ScalarType.h>

namespace torch::nn {
class Module;
}

namespace fmri2img::nn {

/// Readies a loaded module for use without training: parameters no longer ask for gradients, and the weights of
/// convolutions, linear layers and embeddings are kept in `dtype` and in the order in which the kernels want them.
/// Normalisations keep float32. Shapes and names stay; the input of the module has to be of `dtype`. In float32 the
/// feature maps between its layers may be blocked (`blocked.h`), which only modules made of this folder's layers and
/// elementwise operations can take.
void prepare_for_inference(torch::nn::Module& module, at::ScalarType dtype);

}  // namespace fmri2img::nn
