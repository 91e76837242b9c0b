#include "fmri2img/io/variable.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/mat.h"
#include "fmri2img/io/mat5.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

namespace fs = std::filesystem;

/// One format: how its files are told, and its two operations.
struct ArrayFormat {
  bool (*matches)(std::span<const std::byte> file, const fs::path& path);
  std::vector<VariableInfo> (*list)(const fs::path& path);
  at::Tensor (*read)(const fs::path& path, const std::string& name);
};

bool begins_with(std::span<const std::byte> file, std::string_view magic) {
  return std::string_view(reinterpret_cast<const char*>(file.data()), file.size()).starts_with(magic);
}

std::vector<VariableInfo> list_npy(const fs::path& path) {
  const NpyFile file(path);
  return {{"", scalar_type_name(file.dtype()), file.shape()}};
}

at::Tensor read_npy_variable(const fs::path& path, const std::string& name) {
  find_variable(list_npy(path), name, fmt::format("\"{}\"", path.string()));
  return NpyFile(path).tensor();
}

const std::array kFormats{
    ArrayFormat{[](auto file, const auto&) { return begins_with(file, "\x93NUMPY"); }, list_npy, read_npy_variable},
    ArrayFormat{[](auto file, const auto&) { return begins_mat5(file); }, list_mat, read_mat},
};

const ArrayFormat& format_of(const fs::path& path) {
  const MappedFile file(path);
  FMRI2IMG_CHECK(!file.bytes().empty(), "\"{}\" is empty", path.string());
  for (const ArrayFormat& format : kFormats) {
    if (format.matches(file.bytes(), path)) return format;
  }
  fail(ErrorKind::kBadInput, "\"{}\" is no array file that is known here (.npy, .mat of version 5)", path.string());
}

}  // namespace

std::vector<VariableInfo> list_variables(const fs::path& path) {
  return format_of(path).list(path);
}

at::Tensor read_variable(const std::string& file_and_name) {
  const VariablePath variable = split_variable_path(file_and_name);
  return format_of(variable.file).read(variable.file, variable.name);
}

VariablePath split_variable_path(const std::string& file_and_name) {
  std::error_code ignored;
  for (size_t end = file_and_name.size(); end != std::string::npos && end > 0;
       end = file_and_name.rfind(':', end - 1)) {
    const fs::path file = file_and_name.substr(0, end);
    if (!fs::is_regular_file(file, ignored)) continue;
    return {file, end < file_and_name.size() ? file_and_name.substr(end + 1) : ""};
  }
  fail(ErrorKind::kBadInput, "cannot open \"{}\": there is no such file", file_and_name);
}

}  // namespace fmri2img::io
