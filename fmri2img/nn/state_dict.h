#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

namespace torch::nn {
class Module;
}

namespace fmri2img::nn {

/// The parameters and buffers of `module` and of all below it under their full names, detached, sharing its memory.
std::map<std::string, at::Tensor> state_dict(const torch::nn::Module& module);

}  // namespace fmri2img::nn
