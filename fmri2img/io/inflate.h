#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace fmri2img::io {

/// Whether `compressed` bytes of a deflate stream can possibly become `inflated` bytes: its best ratio is 1,032 to 1.
/// Ask before allocating for a size that the file merely claims.
bool can_inflate_to(size_t compressed, uint64_t inflated);

/// What stands around a deflate stream: a zlib or gzip header (told apart by itself), or nothing, as in zip archives.
enum class DeflateWrapper { kZlibOrGzip, kNone };

/// Inflates data (several gzip members too) until `target` is full or the data ends; returns the bytes written.
/// Throws Error if the data is damaged; `where` names it.
size_t inflate_into(std::span<const std::byte> data,
                    std::span<std::byte> target,
                    const std::string& where,
                    DeflateWrapper wrapper = DeflateWrapper::kZlibOrGzip);

/// Bytes together with what keeps them alive.
struct HeldBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

/// The first `size` inflated bytes. Throws Error if the data holds fewer, before anything is allocated where it cannot
/// possibly hold as many.
HeldBytes inflate_exactly(std::span<const std::byte> data,
                          uint64_t size,
                          const std::string& where,
                          DeflateWrapper wrapper = DeflateWrapper::kZlibOrGzip);

/// As many of the first `limit` inflated bytes as there are, to look at a header.
HeldBytes inflate_prefix(std::span<const std::byte> data,
                         size_t limit,
                         const std::string& where,
                         DeflateWrapper wrapper = DeflateWrapper::kZlibOrGzip);

}  // namespace fmri2img::io
