#include "fmri2img/io/nifti_header.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include "fmri2img/core/check.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr int32_t kBytesOf1 = 348;
constexpr int32_t kBytesOf2 = 540;
constexpr int64_t kMostNiftiDimensions = 7;

struct NiftiType {
  int code;
  const char* name;
  at::ScalarType type;  ///< Undefined: known and not supported
};

constexpr std::array<NiftiType, 18> kNiftiTypes{{{1, "1-bit", at::ScalarType::Undefined},
                                                 {2, "uint8", at::kByte},
                                                 {4, "int16", at::kShort},
                                                 {8, "int32", at::kInt},
                                                 {16, "float32", at::kFloat},
                                                 {32, "complex64", at::kComplexFloat},
                                                 {64, "float64", at::kDouble},
                                                 {128, "RGB", at::ScalarType::Undefined},
                                                 {256, "int8", at::kChar},
                                                 {512, "uint16", at::kUInt16},
                                                 {768, "uint32", at::kUInt32},
                                                 {1024, "int64", at::kLong},
                                                 {1280, "uint64", at::kUInt64},
                                                 {1536, "float128", at::ScalarType::Undefined},
                                                 {1792, "complex128", at::kComplexDouble},
                                                 {2048, "complex256", at::ScalarType::Undefined},
                                                 {2304, "RGBA", at::ScalarType::Undefined},
                                                 {0, "unknown", at::ScalarType::Undefined}}};

/// Offsets of the fields, which the two versions arrange differently.
struct FieldOffsets {
  size_t datatype, dimensions, voxel_sizes, data_offset, slope, qform_code, quaternion, sform;
};
constexpr FieldOffsets kFields1{70, 40, 76, 108, 112, 252, 256, 280};
constexpr FieldOffsets kFields2{12, 16, 104, 168, 176, 344, 352, 400};

template <class T> T number_at(std::span<const std::byte> file, size_t offset, bool big_endian) {
  std::array<std::byte, sizeof(T)> raw;
  std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(offset), raw.size(), raw.begin());
  if (big_endian) std::ranges::reverse(raw);
  return std::bit_cast<T>(raw);
}

/// Which version, in which order; nothing where it is no NIfTI header.
struct NiftiKind {
  int version;
  bool big_endian;
};
std::optional<NiftiKind> kind_of(std::span<const std::byte> file) {
  if (file.size() < kBytesOf1) return std::nullopt;
  for (const bool big_endian : {false, true}) {
    const auto size = number_at<int32_t>(file, 0, big_endian);
    const auto magic_at = [&](size_t offset) {
      return std::string_view(reinterpret_cast<const char*>(file.data()) + offset, 3);
    };
    if (size == kBytesOf1 && (magic_at(344) == "n+1" || magic_at(344) == "ni1")) return NiftiKind{1, big_endian};
    if (size == kBytesOf2 && (magic_at(4) == "n+2" || magic_at(4) == "ni2")) return NiftiKind{2, big_endian};
  }
  return std::nullopt;
}

/// Reads the fields of one version: `Size` is its type of sizes, `Real` that of its numbers, `Code` that of its codes.
template <class Size, class Real, class Code> class FieldReader {
 public:
  FieldReader(std::span<const std::byte> file, const FieldOffsets& at, NiftiHeader& header, const std::string& where)
      : file_(file), at_(at), header_(header), where_(where) {}

  void read() {
    read_type();
    read_shape();
    read_data_offset();
    read_scaling();
    read_transforms();
  }

 private:
  template <class T> T field(size_t offset, size_t index = 0) const {
    return number_at<T>(file_, offset + index * sizeof(T), header_.big_endian);
  }
  double real(size_t offset, size_t index = 0) const { return field<Real>(offset, index); }

  void read_type() {
    const int code = field<int16_t>(at_.datatype);
    const auto* found = std::ranges::find(kNiftiTypes, code, &NiftiType::code);
    FMRI2IMG_CHECK(found != kNiftiTypes.end(), "{}: its datatype is {}, which NIfTI does not know", where_, code);
    FMRI2IMG_CHECK(found->type != at::ScalarType::Undefined,
                   "{}: its datatype is {} ({}); supported are int8..64, uint8..64, float32, float64 and complex",
                   where_,
                   code,
                   found->name);
    header_.stored_type = found->type;
  }

  void read_shape() {
    const int64_t count = field<Size>(at_.dimensions);
    FMRI2IMG_CHECK(count >= 1 && count <= kMostNiftiDimensions,
                   "{}: dim[0] is {}; an image has 1 to {} dimensions",
                   where_,
                   count,
                   kMostNiftiDimensions);
    for (int64_t i = 1; i <= count; ++i) header_.shape.push_back(field<Size>(at_.dimensions, static_cast<size_t>(i)));
    FMRI2IMG_CHECK(array_bytes(header_.shape, header_.stored_type),
                   "{}: \"dim\" holds a negative size, or more elements than any file can",
                   where_);
  }

  /// Version 1 keeps it as a float.
  void read_data_offset() {
    using Offset = std::conditional_t<std::is_same_v<Size, int16_t>, float, int64_t>;
    const auto offset = static_cast<double>(field<Offset>(at_.data_offset));
    const double header_bytes = header_.version == 1 ? kBytesOf1 : kBytesOf2;
    FMRI2IMG_CHECK(offset >= header_bytes && offset <= 0x1p52 && offset == std::floor(offset),
                   "{}: \"vox_offset\" is {}; the data of a single file begins after the header of {} bytes",
                   where_,
                   offset,
                   header_bytes);
    header_.data_offset = static_cast<int64_t>(offset);
  }

  void read_scaling() {
    const double slope = real(at_.slope);
    const double intercept = real(at_.slope, 1);
    if (slope == 0 || !std::isfinite(slope) || (slope == 1 && intercept == 0)) return;
    FMRI2IMG_CHECK(std::isfinite(intercept),
                   "{}: \"scl_inter\" is {} beside a valid \"scl_slope\" of {}",
                   where_,
                   intercept,
                   slope);
    header_.scaling = {slope, intercept};
  }

  void read_transforms() {
    header_.qform_code = field<Code>(at_.qform_code);
    header_.sform_code = field<Code>(at_.qform_code, 1);
    if (header_.qform_code > 0) header_.qform = quaternion_transform();
    if (header_.sform_code > 0) {
      header_.sform = AffineMatrix{{{}, {}, {}, {0, 0, 0, 1}}};
      for (size_t i = 0; i < 12; ++i) (*header_.sform)[i / 4][i % 4] = real(at_.sform, i);
    }
    header_.fallback = fallback_transform();
  }

  /// Rotation by the quaternion (a, b, c, d), whose a is not stored, times the voxel sizes.
  AffineMatrix quaternion_transform() const {
    const double b = real(at_.quaternion);
    const double c = real(at_.quaternion, 1);
    const double d = real(at_.quaternion, 2);
    const double rest = 1 - (b * b + c * c + d * d);
    const double rounding = 3 * double{std::numeric_limits<Real>::epsilon()};
    FMRI2IMG_CHECK(rest >= -rounding, "{}: its quaternion ({}, {}, {}) is longer than 1", where_, b, c, d);
    const double a = rest <= rounding ? 0 : std::sqrt(rest);
    const double s = 2 / (a * a + b * b + c * c + d * d);
    const std::array<double, 9> rotation{1 - s * (c * c + d * d),
                                         s * (b * c - a * d),
                                         s * (b * d + a * c),
                                         s * (b * c + a * d),
                                         1 - s * (b * b + d * d),
                                         s * (c * d - a * b),
                                         s * (b * d - a * c),
                                         s * (c * d + a * b),
                                         1 - s * (b * b + c * c)};
    const double last_sign = real(at_.voxel_sizes) == -1 ? -1 : 1;  // "qfac": any other value means 1
    AffineMatrix transform{{{}, {}, {}, {0, 0, 0, 1}}};
    for (size_t row = 0; row < 3; ++row) {
      for (size_t column = 0; column < 3; ++column) {
        const double size = real(at_.voxel_sizes, column + 1) * (column == 2 ? last_sign : 1);
        transform[row][column] = rotation[3 * row + column] * size;
      }
      transform[row][3] = real(at_.quaternion, 3 + row);
    }
    return transform;
  }

  AffineMatrix fallback_transform() const {
    AffineMatrix transform{{{}, {}, {}, {0, 0, 0, 1}}};
    for (size_t axis = 0; axis < 3; ++axis) {
      const bool present = axis < header_.shape.size();
      const double size = (present ? real(at_.voxel_sizes, axis + 1) : 1) * (axis == 0 ? -1 : 1);
      transform[axis][axis] = size;
      transform[axis][3] = -size * (static_cast<double>(present ? header_.shape[axis] : 1) - 1) / 2;
    }
    return transform;
  }

  std::span<const std::byte> file_;
  const FieldOffsets& at_;
  NiftiHeader& header_;
  const std::string& where_;
};

}  // namespace

at::ScalarType NiftiHeader::value_type() const {
  if (!scaling) return stored_type;
  if (c10::isComplexType(stored_type)) return at::kComplexDouble;
  const bool fits = c10::elementSize(stored_type) <= 2 || stored_type == at::kFloat;
  return fits ? at::kFloat : at::kDouble;
}

bool begins_nifti(std::span<const std::byte> file) {
  return kind_of(file).has_value();
}

NiftiHeader parse_nifti_header(std::span<const std::byte> file, const std::string& where) {
  const std::optional<NiftiKind> kind = kind_of(file);
  FMRI2IMG_CHECK(kind, "{}: not a NIfTI file (header size and magic string do not say so)", where);
  NiftiHeader header;
  header.version = kind->version;
  header.big_endian = kind->big_endian;
  const bool is_first = kind->version == 1;
  const size_t bytes = is_first ? kBytesOf1 : kBytesOf2;
  FMRI2IMG_CHECK(file.size() >= bytes, "{}: truncated: {} bytes, the header has {}", where, file.size(), bytes);
  FMRI2IMG_CHECK(file[is_first ? 345 : 5] == std::byte{'+'},
                 "{}: the header of a pair of files (.hdr and .img): convert it to one .nii file, in Python with "
                 "nibabel.save(nibabel.load(\"x.hdr\"), \"x.nii\")",
                 where);
  if (is_first) {
    FieldReader<int16_t, float, int16_t>(file, kFields1, header, where).read();
  } else {
    FieldReader<int64_t, double, int32_t>(file, kFields2, header, where).read();
  }
  return header;
}

}  // namespace fmri2img::io
