#include "fmri2img/io/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"

namespace fmri2img::io {
namespace {

constexpr uint64_t kBestRatio = 1032;
constexpr uint64_t kSlack = 64;              // headers, and the few bytes of a stream shorter than one match
constexpr int kZlibOrGzip = MAX_WBITS + 32;  // told by the stream's own header

/// zlib counts in 32 bits, so it is fed in pieces.
uInt piece(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max() / 2));
}

class InflateStream {
 public:
  InflateStream(DeflateWrapper wrapper, const std::string& where) {
    const int window = wrapper == DeflateWrapper::kNone ? -MAX_WBITS : kZlibOrGzip;
    FMRI2IMG_CHECK(inflateInit2(&stream_, window) == Z_OK, "{}: cannot start zlib", where);
  }
  ~InflateStream() { inflateEnd(&stream_); }
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;

  /// One call of zlib; both spans lose what it used.
  int step(std::span<const std::byte>& data, std::span<std::byte>& target) {
    const uInt in = piece(data.size());
    const uInt out = piece(target.size());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));
    stream_.avail_in = in;
    stream_.next_out = reinterpret_cast<Bytef*>(target.data());
    stream_.avail_out = out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    data = data.subspan(in - stream_.avail_in);
    target = target.subspan(out - stream_.avail_out);
    return status;
  }

  void restart() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
};

bool begins_gzip_member(std::span<const std::byte> data) {
  return data.size() >= 2 && data[0] == std::byte{0x1f} && data[1] == std::byte{0x8b};
}

}  // namespace

bool can_inflate_to(size_t compressed, uint64_t inflated) {
  return inflated / kBestRatio <= compressed + kSlack;
}

size_t inflate_into(std::span<const std::byte> data,
                    std::span<std::byte> target,
                    const std::string& where,
                    DeflateWrapper wrapper) {
  const size_t wanted = target.size();
  InflateStream stream(wrapper, where);
  while (!target.empty() && !data.empty()) {
    const int status = stream.step(data, target);
    if (status == Z_STREAM_END) {
      if (wrapper == DeflateWrapper::kNone || !begins_gzip_member(data)) break;
      stream.restart();
      continue;
    }
    FMRI2IMG_CHECK(
        status == Z_OK || (status == Z_BUF_ERROR && data.empty()), "{}: its compressed data is damaged", where);
  }
  return wanted - target.size();
}

HeldBytes inflate_prefix(std::span<const std::byte> data,
                         size_t limit,
                         const std::string& where,
                         DeflateWrapper wrapper) {
  const std::shared_ptr<std::byte[]> buffer = std::make_shared_for_overwrite<std::byte[]>(limit);
  const size_t written = inflate_into(data, {buffer.get(), limit}, where, wrapper);
  return {{buffer.get(), written}, buffer};
}

HeldBytes inflate_exactly(std::span<const std::byte> data,
                          uint64_t size,
                          const std::string& where,
                          DeflateWrapper wrapper) {
  FMRI2IMG_CHECK(can_inflate_to(data.size(), size),
                 "{}: claims {} bytes, more than its {} compressed bytes can hold",
                 where,
                 size,
                 data.size());
  require_memory(static_cast<int64_t>(size), where, "use a machine with more, or save the file without compression");
  HeldBytes held = inflate_prefix(data, size, where, wrapper);
  FMRI2IMG_CHECK(held.bytes.size() == size,
                 "{}: truncated: its compressed data ends after {} of {} bytes",
                 where,
                 held.bytes.size(),
                 size);
  return held;
}

}  // namespace fmri2img::io
