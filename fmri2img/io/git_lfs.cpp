#include "fmri2img/io/git_lfs.h"

#include <string_view>

#include "fmri2img/core/check.h"

namespace fmri2img::io {

void check_no_lfs_pointer(std::span<const std::byte> bytes, const std::string& where) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  FMRI2IMG_CHECK(!text.starts_with("version https://git-lfs.github.com/spec/"),
                 "{}: a git-lfs pointer of {} bytes, not the file itself: run \"git lfs pull\" in the folder that was "
                 "cloned, or download the file",
                 where,
                 bytes.size());
}

}  // namespace fmri2img::io
