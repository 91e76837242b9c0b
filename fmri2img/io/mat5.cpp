#include "fmri2img/io/mat5.h"

#include <ATen/ops/complex.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/io/inflate.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/mat5_elements.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

using mat5::Element;
using mat5::ElementReader;
using mat5::MatrixHeader;

constexpr size_t kFileHeaderBytes = 128;
constexpr size_t kPrefixBytes = 4096;  // holds the flags, dimensions and name of any real variable

/// The content of the matrix element inside a compressed element: all of it, or its first bytes.
HeldBytes inflate_matrix(std::span<const std::byte> compressed, bool big_endian, const std::string& where, bool whole) {
  const HeldBytes prefix = inflate_prefix(compressed, kPrefixBytes, where);
  const Element matrix =
      ElementReader(prefix.bytes, big_endian, where).next("a compressed variable", /*padded=*/false, /*whole=*/false);
  if (matrix.type != mat5::kMatrix) return {};
  if (!whole || matrix.data.size() < prefix.bytes.size() - 8) return {matrix.data, prefix.owner};
  uint32_t size = 0;
  std::memcpy(&size, prefix.bytes.data() + 4, sizeof size);
  if (big_endian) size = __builtin_bswap32(size);
  const HeldBytes all = inflate_exactly(compressed, uint64_t{size} + 8, where);
  return {all.bytes.subspan(8), all.owner};
}

/// One column of numbers, converted to `dtype`; a view of the file where nothing has to change.
at::Tensor read_numbers(const Element& element,
                        int64_t count,
                        at::ScalarType dtype,
                        const HeldBytes& held,
                        bool big_endian,
                        const std::string& where) {
  const std::optional<at::ScalarType> stored = mat5::stored_type(element.type);
  FMRI2IMG_CHECK(stored, "{}: its numbers are stored as element type {}, which holds none", where, element.type);
  const size_t size = c10::elementSize(*stored);
  FMRI2IMG_CHECK(element.data.size() == static_cast<size_t>(count) * size,
                 "{}: its dimensions need {} numbers of {} bytes, the file has {} bytes of them",
                 where,
                 count,
                 size,
                 element.data.size());
  // MATLAB stores small whole numbers in fewer bytes than the array's type has.
  if (*stored != dtype || big_endian) {
    require_memory(count * static_cast<int64_t>(c10::elementSize(dtype) + (big_endian ? size : 0)),
                   where,
                   "use a machine with more, or save it in the type that it needs: uint8(x) for pictures, single(x)");
  }
  const auto options = at::TensorOptions().dtype(*stored);
  const bool usable = !big_endian && count > 0 && reinterpret_cast<uintptr_t>(element.data.data()) % size == 0;
  if (usable) {
    return at::from_blob(
               const_cast<std::byte*>(element.data.data()), {count}, [owner = held.owner](void*) {}, options)
        .to(dtype);
  }
  const at::Tensor copy = at::empty({count}, options);
  if (count == 0) return copy.to(dtype);
  auto* target = static_cast<std::byte*>(copy.mutable_data_ptr());
  std::memcpy(target, element.data.data(), element.data.size());
  if (big_endian) swap_byte_order({target, element.data.size()}, *stored);
  return copy.to(dtype);
}

}  // namespace

bool begins_mat5(std::span<const std::byte> file) {
  if (file.size() < kFileHeaderBytes) return false;
  const std::string_view order(reinterpret_cast<const char*>(file.data()) + 126, 2);
  const size_t major_at = order == "MI" ? 124 : 125;
  return (order == "MI" || order == "IM") && file[major_at] == std::byte{1};
}

Mat5File::Mat5File(const std::filesystem::path& path) : file_(path), where_(fmt::format("\"{}\"", path.string())) {
  const std::span<const std::byte> bytes = file_.bytes();
  FMRI2IMG_CHECK(
      begins_mat5(bytes), "{}: not a MATLAB file of version 5 (its 128-byte header is missing or damaged)", where_);
  big_endian_ = bytes[126] == std::byte{'M'};
  index(bytes.subspan(kFileHeaderBytes));
}

void Mat5File::index(std::span<const std::byte> elements) {
  ElementReader reader(elements, big_endian_, where_);
  while (!reader.at_end()) {
    const Element element = reader.next("a variable", /*padded=*/false);
    const bool compressed = element.type == mat5::kCompressed;
    if (!compressed && element.type != mat5::kMatrix) continue;
    const HeldBytes held = compressed ? inflate_matrix(element.data, big_endian_, where_, /*whole=*/false)
                                      : HeldBytes{element.data, nullptr};
    if (held.bytes.empty()) continue;
    ElementReader parts(held.bytes, big_endian_, where_);
    const MatrixHeader header = mat5::read_matrix_header(parts, where_);
    if (header.name.empty()) continue;  // MATLAB's own bookkeeping
    variables_.push_back({header.name, header.type_name(), header.shape, header.dtype().has_value()});
    matrices_.push_back({element.data, compressed});
  }
}

at::Tensor Mat5File::read(const std::string& name) const {
  const auto found = static_cast<size_t>(&find_variable(variables_, name, where_) - variables_.data());
  const Matrix& matrix = matrices_[found];
  const std::string where = fmt::format("{}: \"{}\"", where_, variables_[found].name);
  const HeldBytes held = matrix.compressed ? inflate_matrix(matrix.bytes, big_endian_, where, /*whole=*/true)
                                           : HeldBytes{matrix.bytes, file_.owner()};
  ElementReader parts(held.bytes, big_endian_, where);
  const MatrixHeader header = mat5::read_matrix_header(parts, where);
  const int64_t count = *element_count(header.shape);
  const at::ScalarType dtype = *header.dtype();
  const at::ScalarType part_type = c10::toRealValueType(dtype);
  at::Tensor numbers = read_numbers(parts.next("its real part"), count, part_type, held, big_endian_, where);
  if (header.is_complex) {
    numbers = at::complex(numbers,
                          read_numbers(parts.next("its imaginary part"), count, part_type, held, big_endian_, where));
  }
  return column_major_view(numbers, header.shape);
}

}  // namespace fmri2img::io
