#include "fmri2img/io/hdf5.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/io/hdf5_objects.h"
#include "fmri2img/io/inflate.h"
#include "fmri2img/io/isolated.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr const char* kLibrary = "the HDF5 library";
constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

constexpr std::array kReadableTypes{at::kBool,
                                    at::kChar,
                                    at::kShort,
                                    at::kInt,
                                    at::kLong,
                                    at::kByte,
                                    at::kUInt16,
                                    at::kUInt32,
                                    at::kUInt64,
                                    at::kHalf,
                                    at::kFloat,
                                    at::kDouble,
                                    at::kComplexFloat,
                                    at::kComplexDouble};

at::ScalarType type_called(const std::string& name, const std::string& where) {
  const auto* found = std::ranges::find(kReadableTypes, name, scalar_type_name);
  FMRI2IMG_CHECK(found != kReadableTypes.end(), "{}: its type is \"{}\"", where, name);
  return *found;
}

/// Time in proportion: 5 MB/s at least from a slow drive and through gzip.
IsolationLimits limits_for(int64_t bytes) {
  IsolationLimits limits;
  constexpr int64_t kBytesPerSecond = 5'000'000;
  const auto seconds = static_cast<int>(std::min<int64_t>(bytes / kBytesPerSecond, 1'000'000));
  limits.cpu_s += seconds;
  limits.wall_s += seconds;
  return limits;
}

}  // namespace

bool is_hdf5(const MappedFile& file) {
  const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  for (size_t offset = 0; offset < text.size(); offset = offset == 0 ? 512 : offset * 2) {
    if (text.substr(offset, kSignature.size()) == kSignature) return true;
  }
  return false;
}

Hdf5File::Hdf5File(const std::filesystem::path& path, hdf5::Depth depth)
    : path_(path), where_(fmt::format("\"{}\"", path.string())) {
  const MappedFile file(path);
  FMRI2IMG_CHECK(is_hdf5(file), "{}: not an HDF5 file (its signature is missing)", where_);
  file_bytes_ = static_cast<int64_t>(file.bytes().size());
  const auto list = [&] { return hdf5::objects_to_cbor(hdf5::list_objects(path.string(), depth)); };
  objects_ = hdf5::objects_from_cbor(run_isolated(list, {}, where_, kLibrary), where_);
}

std::vector<VariableInfo> Hdf5File::variables() const {
  std::vector<VariableInfo> variables;
  for (const hdf5::Object& object : objects_)
    variables.push_back({object.name, object.type, object.shape, object.readable});
  return variables;
}

at::Tensor Hdf5File::read(const std::string& name) const {
  const std::vector<VariableInfo> all = variables();
  return read_part(find_variable(all, name, where_), {});
}

at::Tensor Hdf5File::read_rows(const std::string& name, std::span<const int64_t> rows) const {
  const std::vector<VariableInfo> all = variables();
  VariableInfo variable = find_variable(all, name, where_);
  const bool ascending = std::ranges::adjacent_find(rows, std::greater_equal<>()) == rows.end();
  FMRI2IMG_ASSERT(ascending);
  FMRI2IMG_CHECK(!variable.shape.empty(), "{}: \"{}\" is one number and has no rows", where_, variable.name);
  FMRI2IMG_CHECK(rows.empty() || (rows.front() >= 0 && rows.back() < variable.shape[0]),
                 "{}: \"{}\" has {} rows, row {} was asked for",
                 where_,
                 variable.name,
                 variable.shape[0],
                 rows.empty() || rows.front() < 0 ? rows.front() : rows.back());
  variable.shape[0] = static_cast<int64_t>(rows.size());
  return read_part(variable, rows);
}

at::Tensor Hdf5File::read_part(const VariableInfo& variable, std::span<const int64_t> rows) const {
  const std::string where = fmt::format("{}: \"{}\"", where_, variable.name);
  const at::ScalarType type = type_called(variable.type, where);
  const std::optional<int64_t> bytes = array_bytes(variable.shape, type);
  FMRI2IMG_CHECK(bytes, "{} has more elements than any file can hold", where);
  if (*bytes == 0) return at::empty(variable.shape, type);
  FMRI2IMG_CHECK(can_inflate_to(static_cast<size_t>(file_bytes_), static_cast<uint64_t>(*bytes)),
                 "{} claims {} bytes, more than the {} bytes of the file can hold",
                 where,
                 *bytes,
                 file_bytes_);
  require_memory(*bytes, where, "read fewer rows, or use a machine with more");
  const SharedMemory memory(*bytes);
  const auto fill = [&] {
    hdf5::read_dataset(path_.string(), variable.name, rows, memory.bytes());
    return std::string();
  };
  run_isolated(fill, limits_for(*bytes), where, kLibrary);
  return tensor_over(memory.bytes(), memory.owner(), type, variable.shape);
}

}  // namespace fmri2img::io
