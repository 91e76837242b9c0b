#include "fmri2img/io/variable.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/git_lfs.h"
#include "fmri2img/io/hdf5.h"
#include "fmri2img/io/mat.h"
#include "fmri2img/io/mat5.h"
#include "fmri2img/io/mat73.h"
#include "fmri2img/io/nifti.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/npz.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/torch_formats.h"
#include "fmri2img/io/weight_variables.h"

namespace fmri2img::io {
namespace {

namespace fs = std::filesystem;

/// One format: how its files are told, and its two operations.
struct ArrayFormat {
  bool (*matches)(const MappedFile& file);
  std::vector<VariableInfo> (*list)(const fs::path& path);
  at::Tensor (*read)(const fs::path& path, const std::string& name);
};

bool is_npy(const MappedFile& file) {
  return std::string_view(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size())
      .starts_with("\x93NUMPY");
}

std::vector<VariableInfo> list_npy(const fs::path& path) {
  const NpyFile file(path);
  return {{"", scalar_type_name(file.dtype()), file.shape()}};
}

at::Tensor read_npy_variable(const fs::path& path, const std::string& name) {
  find_variable(list_npy(path), name, fmt::format("\"{}\"", path.string()));
  return NpyFile(path).tensor();
}

std::vector<VariableInfo> list_nifti(const fs::path& path) {
  const NiftiHeader header = NiftiFile(path).header();
  return {{"", scalar_type_name(header.value_type()), header.shape}};
}

at::Tensor read_nifti_variable(const fs::path& path, const std::string& name) {
  find_variable(list_nifti(path), name, fmt::format("\"{}\"", path.string()));
  return NiftiFile(path).values();
}

bool is_mat(const MappedFile& file) {
  return begins_mat5(file.bytes()) || is_mat73(file);
}

bool is_torch(const MappedFile& file) {
  return is_torch_zip(file) || is_torch_legacy(file);
}

/// In this order: a MATLAB file of version 7.3 is HDF5 too, and .npz and PyTorch files are both zip archives.
const std::array kFormats{
    ArrayFormat{is_npy, list_npy, read_npy_variable},
    ArrayFormat{is_mat, list_mat, read_mat},
    ArrayFormat{is_hdf5,
                [](const fs::path& path) { return Hdf5File(path).variables(); },
                [](const fs::path& path, const std::string& name) { return Hdf5File(path).read(name); }},
    ArrayFormat{is_nifti, list_nifti, read_nifti_variable},
    ArrayFormat{is_npz, list_npz, read_npz},
    ArrayFormat{is_torch, list_torch, read_torch_variable},
    ArrayFormat{is_safetensors, list_safetensors, read_safetensors_variable},
};

const ArrayFormat& format_of(const fs::path& path) {
  const MappedFile file(path);
  FMRI2IMG_CHECK(!file.bytes().empty(), "\"{}\" is empty", path.string());
  for (const ArrayFormat& format : kFormats) {
    if (format.matches(file)) return format;
  }
  check_no_lfs_pointer(file.bytes(), fmt::format("\"{}\"", path.string()));
  fail(ErrorKind::kBadInput,
       "\"{}\" is no array file that is known here (.npy, .npz, .mat, HDF5, NIfTI, .safetensors, PyTorch)",
       path.string());
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
  FMRI2IMG_CHECK(
      !fs::is_directory(file_and_name, ignored),
      "\"{}\" is a folder: name one of the files in it, or examine a subject or a model with \"fmri2img doctor\"",
      file_and_name);
  fail(ErrorKind::kBadInput, "cannot open \"{}\": there is no such file", file_and_name);
}

}  // namespace fmri2img::io
