#include <limits>
#include <string>
#include <string_view>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/io/npy_header.h"
#include "fmri2img/io/roi_mapping.h"

namespace fmri2img::io {
namespace {

using namespace std::string_view_literals;

// numpy.core.multiarray._reconstruct(numpy.ndarray, (0,), b"b"), its state (1, (), dtype("O8", False, True) with the
// state (3, "|", None, None, None, -1, -1, 63), False, [ ... ]). The list holds the dict, which begins empty.
constexpr std::string_view kUpToTheDict =
    "\x80\x03"
    "cnumpy.core.multiarray\n_reconstruct\n"
    "cnumpy\nndarray\n"
    "K\x00\x85"
    "C\x01"
    "b\x87R"
    "(K\x01)"
    "cnumpy\ndtype\n"
    "X\x02\x00\x00\x00O8\x89\x88\x87R"
    "(K\x03X\x01\x00\x00\x00|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb"
    "\x89]}("sv;
constexpr std::string_view kAfterTheDict = "uatb.";

std::string little_endian_4(uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

}  // namespace

void write_roi_mapping(const std::filesystem::path& path, const std::map<int64_t, std::string>& mapping) {
  std::string pickle(kUpToTheDict);
  for (const auto& [code, name] : mapping) {
    FMRI2IMG_ASSERT(code == static_cast<int32_t>(code) && name.size() <= std::numeric_limits<int32_t>::max());
    pickle += "J" + little_endian_4(static_cast<uint32_t>(code));
    pickle += "X" + little_endian_4(static_cast<uint32_t>(name.size())) + name;
  }
  pickle += kAfterTheDict;
  write_file(path, format_object_npy_header() + pickle);
}

}  // namespace fmri2img::io
