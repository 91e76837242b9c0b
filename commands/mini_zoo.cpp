#include "commands/mini_zoo.h"

#include "fmri2img/core/check.h"

namespace fmri2img::commands {

namespace fs = std::filesystem;

fs::path mini_zoo() {
  // Relative to the program, so that an installed tree may be moved.
  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  const fs::path installed = prefix / FMRI2IMG_INSTALLED_DATA / "zoo/mini";
  const fs::path source = fs::path(FMRI2IMG_SOURCE_DATA) / "zoo/mini";
  for (const fs::path& zoo : {installed, source}) {
    if (fs::is_directory(zoo)) return zoo;
  }
  fail(ErrorKind::kFailed,
       "the miniature zoo is neither in \"{}\" nor in \"{}\": install the program again, or name a zoo with --zoo",
       installed.string(),
       source.string());
}

}  // namespace fmri2img::commands
