#include "fmri2img/io/nifti.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

bool begins_gzip(std::span<const std::byte> file) {
  return file.size() >= 2 && file[0] == std::byte{0x1f} && file[1] == std::byte{0x8b};
}

/// The bytes that hold the header.
HeldBytes head_of(const MappedFile& file, const std::string& where) {
  if (begins_gzip(file.bytes())) return inflate_prefix(file.bytes(), kNiftiHeaderBytes, where);
  return {file.bytes(), file.owner()};
}

int64_t stored_data_bytes(const NiftiHeader& header) {
  return *array_bytes(header.shape, header.stored_type);
}

void check_file_size(const NiftiHeader& header, size_t file_bytes, bool compressed, const std::string& where) {
  if (compressed) {
    const auto needed = static_cast<uint64_t>(header.data_offset + stored_data_bytes(header));
    FMRI2IMG_CHECK(can_inflate_to(file_bytes, needed),
                   "{}: \"dim\" and \"datatype\" promise {} bytes, more than its {} compressed bytes can hold",
                   where,
                   needed,
                   file_bytes);
    return;
  }
  FMRI2IMG_CHECK(stored_data_bytes(header) <= static_cast<int64_t>(file_bytes) - header.data_offset,
                 "{}: truncated: \"dim\" and \"datatype\" promise {} bytes of data from byte {} on, the file has {}",
                 where,
                 stored_data_bytes(header),
                 header.data_offset,
                 file_bytes);
}

at::Tensor swapped_copy(std::span<const std::byte> data, const NiftiHeader& header) {
  at::Tensor copy = at::empty({*element_count(header.shape)}, header.stored_type);
  auto* target = static_cast<std::byte*>(copy.mutable_data_ptr());
  std::memcpy(target, data.data(), data.size());
  swap_byte_order({target, data.size()}, header.stored_type);
  return copy;
}

/// slope * x + intercept in double precision, rounded once.
at::Tensor scaled(const at::Tensor& stored, const NiftiHeader& header) {
  const at::ScalarType wide = stored.is_complex() ? at::kComplexDouble : at::kDouble;
  constexpr int64_t kPiece = int64_t{1} << 20;  // so that the wide copy stays small
  at::Tensor values = at::empty(stored.sizes(), header.value_type());
  for (int64_t first = 0; first < stored.numel(); first += kPiece) {
    const int64_t count = std::min(kPiece, stored.numel() - first);
    const at::Tensor piece = stored.narrow(0, first, count).to(wide);
    values.narrow(0, first, count).copy_(piece.mul(header.scaling->slope).add(header.scaling->intercept));
  }
  return values;
}

}  // namespace

bool is_nifti(const MappedFile& file) {
  return begins_nifti(head_of(file, fmt::format("\"{}\"", file.path().string())).bytes);
}

NiftiFile::NiftiFile(const std::filesystem::path& path)
    : file_(path),
      where_(fmt::format("\"{}\"", path.string())),
      compressed_(begins_gzip(file_.bytes())),
      header_(parse_nifti_header(head_of(file_, where_).bytes, where_)) {
  check_file_size(header_, file_.bytes().size(), compressed_, where_);
}

HeldBytes NiftiFile::stored_data() const {
  const auto first = static_cast<size_t>(header_.data_offset);
  const auto bytes = static_cast<size_t>(stored_data_bytes(header_));
  if (!compressed_) return {file_.bytes().subspan(first, bytes), file_.owner()};
  const HeldBytes whole = inflate_exactly(file_.bytes(), first + bytes, where_);
  return {whole.bytes.subspan(first, bytes), whole.owner};
}

at::Tensor NiftiFile::values() const {
  const int64_t stored_bytes = stored_data_bytes(header_);
  const int64_t value_bytes = *array_bytes(header_.shape, header_.value_type());
  const bool copies = header_.big_endian || header_.scaling;
  require_memory((compressed_ ? stored_bytes : 0) + (copies ? value_bytes : 0),
                 where_,
                 "convert it on a machine with more, or cut it into runs");
  const HeldBytes data = stored_data();
  const bool swaps = header_.big_endian && !data.bytes.empty();
  const at::Tensor stored =
      swaps ? swapped_copy(data.bytes, header_)
            : tensor_over(data.bytes, data.owner, header_.stored_type, {*element_count(header_.shape)});
  return column_major_view(header_.scaling ? scaled(stored, header_) : stored, header_.shape);
}

}  // namespace fmri2img::io
