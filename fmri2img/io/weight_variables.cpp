#include "fmri2img/io/weight_variables.h"

#include <fmt/format.h>

#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/torch_file.h"
#include "fmri2img/io/torch_formats.h"

namespace fmri2img::io {
namespace {

std::string quoted_file(const std::filesystem::path& path) {
  return fmt::format("\"{}\"", path.string());
}

/// Every leaf of a PyTorch file with its name.
struct TorchLeaves {
  std::vector<VariableInfo> variables;
  std::vector<at::Tensor> tensors;  // one for each variable; undefined where it is none

  void add(const std::string& name, const PickleValue& value) {
    const auto below = [&](const std::string& key) { return name.empty() ? key : fmt::format("{}/{}", name, key); };
    if (const auto* dict = value.get_if<PickleDict>()) {
      for (const auto& [key, item] : *dict) add(below(key_text(key)), item);
    } else if (const auto* list = value.get_if<PickleList>()) {
      for (size_t i = 0; i < list->size(); ++i) add(below(std::to_string(i)), (*list)[i]);
    } else if (const auto* tensor = value.get_if<at::Tensor>()) {
      variables.push_back({name, scalar_type_name(tensor->scalar_type()), tensor->sizes().vec()});
      tensors.push_back(*tensor);
    } else {
      variables.push_back({name, value.type_name(), {}, false});
      tensors.emplace_back();
    }
  }

 private:
  static std::string key_text(const PickleValue& key) {
    if (const auto* text = key.get_if<std::string>()) return *text;
    if (const auto* number = key.get_if<int64_t>()) return std::to_string(*number);
    return key.type_name();
  }
};

TorchLeaves torch_leaves(const std::filesystem::path& path) {
  TorchLeaves leaves;
  leaves.add("", read_torch_file(path));
  return leaves;
}

std::vector<VariableInfo> describe_tensors(const SafetensorsFile& file) {
  std::vector<VariableInfo> variables;
  for (const auto& [name, entry] : file.entries())
    variables.push_back({name, scalar_type_name(entry.dtype), entry.shape});
  return variables;
}

}  // namespace

bool is_safetensors(const MappedFile& file) {
  return file.bytes().size() > 8 && file.bytes()[8] == std::byte{'{'} && !is_torch_zip(file);
}

std::vector<VariableInfo> list_safetensors(const std::filesystem::path& path) {
  return describe_tensors(SafetensorsFile(path));
}

at::Tensor read_safetensors_variable(const std::filesystem::path& path, const std::string& name) {
  const SafetensorsFile file(path);
  const std::vector<VariableInfo> variables = describe_tensors(file);
  return file.tensor(find_variable(variables, name, quoted_file(path)).name);
}

std::vector<VariableInfo> list_torch(const std::filesystem::path& path) {
  return torch_leaves(path).variables;
}

at::Tensor read_torch_variable(const std::filesystem::path& path, const std::string& name) {
  const TorchLeaves leaves = torch_leaves(path);
  const VariableInfo& variable = find_variable(leaves.variables, name, quoted_file(path));
  return leaves.tensors[static_cast<size_t>(&variable - leaves.variables.data())];
}

}  // namespace fmri2img::io
