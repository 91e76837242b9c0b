#include "fmri2img/io/mat5_elements.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io::mat5 {
namespace {

constexpr size_t kTagBytes = 8;
constexpr size_t kSmallDataBytes = 4;  // data of up to 4 bytes stands inside the tag
constexpr uint32_t kComplexFlag = 0x0800;
constexpr uint32_t kLogicalFlag = 0x0200;
constexpr size_t kMostMatlabDimensions = 64;

constexpr std::array<const char*, 18> kClassNames{"unknown",
                                                  "cell",
                                                  "struct",
                                                  "object",
                                                  "char",
                                                  "sparse",
                                                  "float64",
                                                  "float32",
                                                  "int8",
                                                  "uint8",
                                                  "int16",
                                                  "uint16",
                                                  "int32",
                                                  "uint32",
                                                  "int64",
                                                  "uint64",
                                                  "function",
                                                  "object"};

constexpr std::array<std::pair<uint32_t, at::ScalarType>, 10> kStoredTypes{{{1, at::kChar},
                                                                            {2, at::kByte},
                                                                            {3, at::kShort},
                                                                            {4, at::kUInt16},
                                                                            {5, at::kInt},
                                                                            {6, at::kUInt32},
                                                                            {7, at::kFloat},
                                                                            {9, at::kDouble},
                                                                            {12, at::kLong},
                                                                            {13, at::kUInt64}}};

constexpr std::array kClassTypes{at::kDouble,
                                 at::kFloat,
                                 at::kChar,
                                 at::kByte,
                                 at::kShort,
                                 at::kUInt16,
                                 at::kInt,
                                 at::kUInt32,
                                 at::kLong,
                                 at::kUInt64};  // from class 6 on
constexpr uint32_t kFirstNumericClass = 6;

}  // namespace

uint32_t ElementReader::read_u32(size_t offset) const {
  std::array<std::byte, 4> raw;
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), raw.size(), raw.begin());
  if (big_endian_) std::reverse(raw.begin(), raw.end());
  uint32_t value = 0;
  std::memcpy(&value, raw.data(), raw.size());
  return value;
}

Element ElementReader::next(const char* what, bool padded, bool whole) {
  FMRI2IMG_CHECK(bytes_.size() >= kTagBytes, "{}: truncated: it ends inside the tag of {}", where_, what);
  const uint32_t first = read_u32(0);
  if (const uint32_t small = first >> 16; small != 0) {
    FMRI2IMG_CHECK(small <= kSmallDataBytes, "{}: {} has a malformed tag", where_, what);
    const Element element{first & 0xffff, bytes_.subspan(4, small)};
    bytes_ = bytes_.subspan(kTagBytes);
    return element;
  }
  const size_t promised = read_u32(4);
  const std::span<const std::byte> rest = bytes_.subspan(kTagBytes);
  FMRI2IMG_CHECK(promised <= rest.size() || !whole,
                 "{}: truncated: {} has {} bytes, only {} follow",
                 where_,
                 what,
                 promised,
                 rest.size());
  const size_t length = std::min(promised, rest.size());
  const size_t used = padded ? (length + 7) / 8 * 8 : length;
  bytes_ = rest.subspan(std::min(used, rest.size()));
  return {first, rest.first(length)};
}

std::vector<uint32_t> ElementReader::integers(const Element& element, const char* what) const {
  FMRI2IMG_CHECK((element.type == kInt32 || element.type == kUInt32) && element.data.size() % 4 == 0,
                 "{}: {} are not 32-bit integers",
                 where_,
                 what);
  std::vector<uint32_t> values(element.data.size() / 4);
  if (values.empty()) return values;
  std::memcpy(values.data(), element.data.data(), element.data.size());
  if (big_endian_) swap_byte_order(std::as_writable_bytes(std::span(values)), at::kInt);
  return values;
}

std::optional<at::ScalarType> stored_type(uint32_t element_type) {
  for (const auto& [code, type] : kStoredTypes) {
    if (code == element_type) return type;
  }
  return std::nullopt;
}

std::optional<at::ScalarType> MatrixHeader::dtype() const {
  if (array_class < kFirstNumericClass || array_class >= kFirstNumericClass + kClassTypes.size()) return std::nullopt;
  const at::ScalarType real = is_logical ? at::kBool : kClassTypes[array_class - kFirstNumericClass];
  if (!is_complex) return real;
  return real == at::kFloat ? at::kComplexFloat : at::kComplexDouble;
}

std::string MatrixHeader::type_name() const {
  if (const std::optional<at::ScalarType> type = dtype()) return scalar_type_name(*type);
  return array_class < kClassNames.size() ? kClassNames[array_class] : kClassNames[0];
}

MatrixHeader read_matrix_header(ElementReader& reader, const std::string& where) {
  MatrixHeader header;
  const std::vector<uint32_t> flags =
      reader.integers(reader.next("a variable's array flags"), "a variable's array flags");
  FMRI2IMG_CHECK(
      flags.size() == 2, "{}: a variable's array flags have {} numbers, 2 were expected", where, flags.size());
  header.array_class = flags[0] & 0xff;
  header.is_complex = (flags[0] & kComplexFlag) != 0;
  header.is_logical = (flags[0] & kLogicalFlag) != 0;
  constexpr uint32_t kOpaque = 17;  // class objects of newer MATLAB: their elements follow another order
  if (header.array_class == kOpaque) return header;
  for (const uint32_t size : reader.integers(reader.next("a variable's dimensions"), "a variable's dimensions")) {
    header.shape.push_back(static_cast<int32_t>(size));
  }
  const Element name = reader.next("a variable's name");
  header.name.assign(reinterpret_cast<const char*>(name.data.data()), name.data.size());
  FMRI2IMG_CHECK(
      header.shape.size() >= 2 && header.shape.size() <= kMostMatlabDimensions && element_count(header.shape),
      "{}: \"{}\" has impossible dimensions",
      where,
      header.name);
  return header;
}

}  // namespace fmri2img::io::mat5
