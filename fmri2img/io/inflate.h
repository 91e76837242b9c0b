#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace fmri2img::io {

/// Whether `compressed` bytes of a deflate stream can possibly become `inflated` bytes: its best ratio is 1,032 to 1.
/// Ask before allocating for a size that the file merely claims.
bool can_inflate_to(size_t compressed, uint64_t inflated);

/// Inflates zlib or gzip data (several gzip members too) until `target` is full or the data ends; returns the bytes
/// written. Throws Error if the data is damaged; `where` names it.
size_t inflate_into(std::span<const std::byte> data, std::span<std::byte> target, const std::string& where);

}  // namespace fmri2img::io
