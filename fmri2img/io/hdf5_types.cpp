#include "fmri2img/io/hdf5_types.h"

#include <cstring>
#include <string_view>

#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io::hdf5 {
namespace {

std::optional<at::ScalarType> integer_type(hid_t type) {
  const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
  switch (H5Tget_size(type)) {
    case 1:
      return is_signed ? at::kChar : at::kByte;
    case 2:
      return is_signed ? at::kShort : at::kUInt16;
    case 4:
      return is_signed ? at::kInt : at::kUInt32;
    case 8:
      return is_signed ? at::kLong : at::kUInt64;
    default:
      return std::nullopt;
  }
}

std::optional<at::ScalarType> float_type(hid_t type) {
  constexpr size_t kHalfMantissa = 10;
  size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  switch (H5Tget_size(type)) {
    case 2:
      H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits);
      return mantissa_bits == kHalfMantissa ? at::kHalf : at::kFloat;
    case 4:
      return at::kFloat;
    case 8:
      return at::kDouble;
    default:
      return std::nullopt;
  }
}

std::string member_name(hid_t type, unsigned index) {
  char* name = H5Tget_member_name(type, index);
  std::string copy = name != nullptr ? name : "";
  H5free_memory(name);
  return copy;
}

std::optional<at::ScalarType> enum_type(hid_t type) {
  const std::optional<at::ScalarType> base = integer_type(H5Tget_super(type));
  const bool is_bool = base && c10::elementSize(*base) == 1 && H5Tget_nmembers(type) == 2 &&
                       member_name(type, 0) == "FALSE" && member_name(type, 1) == "TRUE";
  return is_bool ? at::kBool : base;
}

std::optional<at::ScalarType> complex_type(hid_t type) {
  if (H5Tget_nmembers(type) != 2) return std::nullopt;
  const std::string names = member_name(type, 0) + " " + member_name(type, 1);
  if (names != "r i" && names != "real imag") return std::nullopt;
  const hid_t real = H5Tget_member_type(type, 0);
  if (H5Tget_class(real) != H5T_FLOAT || H5Tequal(real, H5Tget_member_type(type, 1)) <= 0) return std::nullopt;
  const std::optional<at::ScalarType> part = float_type(real);
  if (part == at::kFloat) return at::kComplexFloat;
  return part == at::kDouble ? std::optional(at::kComplexDouble) : std::nullopt;
}

/// IEEE half precision: HDF5 has it predefined only from 1.14.4 on.
hid_t half_type() {
  const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

hid_t complex_memory(hid_t file_type, hid_t part) {
  const size_t size = H5Tget_size(part);
  const hid_t type = H5Tcreate(H5T_COMPOUND, 2 * size);
  for (unsigned i = 0; i < 2; ++i) H5Tinsert(type, member_name(file_type, i).c_str(), i * size, part);
  return type;
}

}  // namespace

std::optional<at::ScalarType> number_type(hid_t file_type) {
  switch (H5Tget_class(file_type)) {
    case H5T_INTEGER:
      return integer_type(file_type);
    case H5T_FLOAT:
      return float_type(file_type);
    case H5T_ENUM:
      return enum_type(file_type);
    case H5T_COMPOUND:
      return complex_type(file_type);
    default:
      return std::nullopt;
  }
}

std::string type_name(hid_t file_type) {
  if (const std::optional<at::ScalarType> type = number_type(file_type)) return scalar_type_name(*type);
  switch (H5Tget_class(file_type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return std::to_string(8 * H5Tget_size(file_type)) + "-bit number";
    case H5T_STRING:
      return "string";
    case H5T_COMPOUND:
      return "compound";
    case H5T_REFERENCE:
      return "reference";
    case H5T_VLEN:
      return "variable-length";
    case H5T_ARRAY:
      return "array type";
    case H5T_BITFIELD:
      return "bitfield";
    case H5T_OPAQUE:
      return "opaque";
    default:
      return "unknown";
  }
}

hid_t memory_type(hid_t file_type) {
  if (H5Tget_class(file_type) == H5T_ENUM) return H5Tcopy(file_type);
  switch (*number_type(file_type)) {
    case at::kChar:
      return H5Tcopy(H5T_NATIVE_INT8);
    case at::kShort:
      return H5Tcopy(H5T_NATIVE_INT16);
    case at::kInt:
      return H5Tcopy(H5T_NATIVE_INT32);
    case at::kLong:
      return H5Tcopy(H5T_NATIVE_INT64);
    case at::kByte:
      return H5Tcopy(H5T_NATIVE_UINT8);
    case at::kUInt16:
      return H5Tcopy(H5T_NATIVE_UINT16);
    case at::kUInt32:
      return H5Tcopy(H5T_NATIVE_UINT32);
    case at::kUInt64:
      return H5Tcopy(H5T_NATIVE_UINT64);
    case at::kHalf:
      return half_type();
    case at::kFloat:
      return H5Tcopy(H5T_NATIVE_FLOAT);
    case at::kComplexFloat:
      return complex_memory(file_type, H5T_NATIVE_FLOAT);
    case at::kComplexDouble:
      return complex_memory(file_type, H5T_NATIVE_DOUBLE);
    default:
      return H5Tcopy(H5T_NATIVE_DOUBLE);
  }
}

}  // namespace fmri2img::io::hdf5
