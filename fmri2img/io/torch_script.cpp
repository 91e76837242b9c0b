#include "fmri2img/io/torch_script.h"

#include <fmt/format.h>
#include <torch/script.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/torch_formats.h"
#include "fmri2img/io/zip_directory.h"

namespace fmri2img::io {

bool is_torch_script(const std::filesystem::path& path) {
  const MappedFile file(path);
  if (!is_torch_zip(file)) return false;
  const auto members = read_zip_directory(file.bytes(), fmt::format("\"{}\"", path.string()));
  return std::ranges::any_of(members, [](const auto& member) { return member.first.ends_with("/constants.pkl"); });
}

StateDict read_torch_script(const std::filesystem::path& path) {
  const auto load = [&] { return torch::jit::load(path.string(), at::kCPU); };
  const torch::jit::Module module =
      with_context(fmt::format("while reading the TorchScript archive \"{}\"", path.string()), load);
  StateDict tensors;
  for (const auto& parameter : module.named_parameters()) tensors[parameter.name] = parameter.value.detach();
  for (const auto& buffer : module.named_buffers()) tensors[buffer.name] = buffer.value.detach();
  return tensors;
}

}  // namespace fmri2img::io
