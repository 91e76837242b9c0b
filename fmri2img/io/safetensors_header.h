#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fmri2img/io/safetensors.h"

namespace fmri2img::io {

/// The bytes before the header: its length, little-endian.
inline constexpr int64_t kSafetensorsLengthBytes = 8;

struct SafetensorsHeader {
  std::map<std::string, SafetensorsFile::Entry> entries;  // offsets as in the header: from the end of the header
  std::map<std::string, std::string> metadata;
};

/// Parses the JSON of a header and checks that its tensors tile exactly `data_bytes`. `where` starts every message.
SafetensorsHeader parse_safetensors_header(std::string_view json, int64_t data_bytes, const std::string& where);

/// The format's name of a type ("BF16"), and back. An unsupported one is an Error that ends in the known names.
std::string safetensors_type(at::ScalarType type, const std::string& where);
at::ScalarType parse_safetensors_type(const std::string& name, const std::string& where);

}  // namespace fmri2img::io
