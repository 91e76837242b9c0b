#include "fmri2img/io/mat73.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/io/hdf5.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 11> kNumericClasses{{{"double", at::kDouble},
                                                                                       {"single", at::kFloat},
                                                                                       {"int8", at::kChar},
                                                                                       {"int16", at::kShort},
                                                                                       {"int32", at::kInt},
                                                                                       {"int64", at::kLong},
                                                                                       {"uint8", at::kByte},
                                                                                       {"uint16", at::kUInt16},
                                                                                       {"uint32", at::kUInt32},
                                                                                       {"uint64", at::kUInt64},
                                                                                       {"logical", at::kBool}}};

std::optional<at::ScalarType> class_type(const std::string& matlab_class) {
  for (const auto& [name, type] : kNumericClasses) {
    if (name == matlab_class) return type;
  }
  return std::nullopt;
}

/// What a variable is for MATLAB. `object.type` says how its numbers are stored.
VariableInfo matlab_view(const hdf5::Object& object) {
  VariableInfo variable{object.name, object.matlab_class, object.shape, false};
  if (!object.matlab_empty) std::ranges::reverse(variable.shape);
  const std::optional<at::ScalarType> type = class_type(object.matlab_class);
  if (!type || !object.readable) {
    if (variable.type.empty() || type) variable.type = object.type;
    return variable;
  }
  const bool is_complex = object.type.starts_with("complex");
  variable.type = is_complex ? object.type : scalar_type_name(*type);
  variable.readable = true;
  return variable;
}

/// The variables, each at the place of its object; MATLAB's own groups (#refs#, #subsystem#) are not variables.
std::vector<VariableInfo> matlab_variables(const Hdf5File& file) {
  std::vector<VariableInfo> variables;
  for (const hdf5::Object& object : file.objects()) {
    if (!object.name.starts_with('#')) variables.push_back(matlab_view(object));
  }
  return variables;
}

}  // namespace

bool is_mat73(const MappedFile& file) {
  constexpr std::string_view kBegin = "MATLAB 7.3 MAT-file";
  const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  return text.starts_with(kBegin) && is_hdf5(file);
}

std::vector<VariableInfo> list_mat73(const std::filesystem::path& path) {
  return matlab_variables(Hdf5File(path, hdf5::Depth::kTopLevel));
}

at::Tensor read_mat73(const std::filesystem::path& path, const std::string& name) {
  const Hdf5File file(path, hdf5::Depth::kTopLevel);
  const std::vector<VariableInfo> variables = matlab_variables(file);
  const VariableInfo& variable = find_variable(variables, name, file.where());
  const hdf5::Object& object = *std::ranges::find(file.objects(), variable.name, &hdf5::Object::name);
  const at::ScalarType type = class_type(object.matlab_class).value_or(at::kDouble);
  if (object.matlab_empty) {
    FMRI2IMG_CHECK(element_count(variable.shape) == 0,
                   "{}: \"{}\" is marked as empty, its dimensions do not say so",
                   file.where(),
                   variable.name);
    return at::empty(variable.shape, type);
  }
  const at::Tensor stored = file.read(variable.name);
  return column_major_view(stored.is_complex() ? stored : stored.to(type), variable.shape);
}

}  // namespace fmri2img::io
