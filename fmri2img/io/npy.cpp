#include "fmri2img/io/npy.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/io/scalar_type.h"

static_assert(std::endian::native == std::endian::little, "files are read and written as little-endian memory");

namespace fmri2img::io {
namespace {

std::string quoted_path(const std::filesystem::path& path) {
  return fmt::format("\"{}\"", path.string());
}

/// Sizes and order in memory: Fortran order is C order with the dimensions reversed.
at::Tensor in_index_order(const at::Tensor& stored, const NpyHeader& header) {
  if (!header.fortran_order) return stored;
  std::vector<int64_t> reversed;
  for (int64_t dimension = stored.dim() - 1; dimension >= 0; --dimension) reversed.push_back(dimension);
  return stored.permute(reversed);
}

std::vector<int64_t> shape_in_memory(const NpyHeader& header) {
  return header.fortran_order ? std::vector<int64_t>(header.shape.rbegin(), header.shape.rend()) : header.shape;
}

at::Tensor copy_of(std::span<const std::byte> data, const NpyHeader& header, const std::string& where) {
  require_memory(static_cast<int64_t>(data.size()),
                 where,
                 "use a machine with more, or save it with NumPy as little-endian numbers, which are read in place");
  at::Tensor array = at::empty(shape_in_memory(header), header.dtype);
  if (array.numel() == 0) return array;
  auto* target = static_cast<std::byte*>(array.mutable_data_ptr());
  if (header.dtype == at::kBool) {  // any other byte than 0 and 1 is undefined behaviour in a bool
    for (size_t i = 0; i < data.size(); ++i) target[i] = std::byte{data[i] != std::byte{0}};
    return array;
  }
  std::memcpy(target, data.data(), data.size());
  if (header.big_endian) swap_byte_order({target, data.size()}, header.dtype);
  return array;
}

at::Tensor make_tensor(std::span<const std::byte> data,
                       const std::shared_ptr<const void>& owner,
                       const NpyHeader& header,
                       const std::string& where) {
  const bool aligned = reinterpret_cast<uintptr_t>(data.data()) % c10::elementSize(header.dtype) == 0;
  if (header.big_endian || header.dtype == at::kBool || !aligned || data.empty())
    return in_index_order(copy_of(data, header, where), header);
  void* address = const_cast<std::byte*>(data.data());
  const at::Tensor stored = at::from_blob(
      address, shape_in_memory(header), [owner](void*) {}, at::TensorOptions().dtype(header.dtype));
  return in_index_order(stored, header);
}

std::span<const std::byte> data_of(std::span<const std::byte> file, const NpyHeader& header) {
  return file.subspan(static_cast<size_t>(header.data_offset),
                      static_cast<size_t>(*array_bytes(header.shape, header.dtype)));
}

}  // namespace

NpyFile::NpyFile(const std::filesystem::path& path) : path_(path) {
  const MappedFile file(path);
  header_ = parse_npy_header(file.bytes(), static_cast<int64_t>(file.bytes().size()), quoted_path(path));
  owner_ = file.owner();
  data_ = data_of(file.bytes(), header_);
}

at::Tensor NpyFile::tensor() const {
  return make_tensor(data_, owner_, header_, quoted_path(path_));
}

at::Tensor read_npy(const std::filesystem::path& path) {
  return NpyFile(path).tensor().clone(at::MemoryFormat::Contiguous);
}

at::Tensor parse_npy(std::span<const std::byte> file,
                     const std::shared_ptr<const void>& owner,
                     const std::string& where) {
  const NpyHeader header = parse_npy_header(file, static_cast<int64_t>(file.size()), where);
  return make_tensor(data_of(file, header), owner, header, where);
}

void write_npy(const std::filesystem::path& path, const at::Tensor& array) {
  const at::Tensor contiguous = array.detach().cpu().contiguous();
  AtomicFile file(path);
  file.write(format_npy_header(contiguous.scalar_type(), contiguous.sizes().vec()));
  if (contiguous.numel() > 0)
    file.write({static_cast<const std::byte*>(contiguous.const_data_ptr()), contiguous.nbytes()});
  file.commit();
}

}  // namespace fmri2img::io
