#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <string>

#include "fmri2img/core/check.h"
#include "fmri2img/io/safetensors.h"

namespace fmri2img::testing {

/// Copies a model's folder to `to`, its weights converted from float16 to float32. Throws Error if they are of another
/// type.
inline void copy_in_float32(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(from)) {
    if (entry.path().extension() != ".safetensors") continue;
    io::StateDict tensors = io::read_safetensors(entry.path());
    for (auto& [name, tensor] : tensors) {
      FMRI2IMG_CHECK(tensor.scalar_type() == at::kHalf, "\"{}\": \"{}\" is not float16", entry.path().string(), name);
      tensor = tensor.to(at::kFloat);
    }
    io::write_safetensors(to / entry.path().lexically_relative(from), tensors);
  }
}

}  // namespace fmri2img::testing
