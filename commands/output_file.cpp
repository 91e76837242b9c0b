#include "commands/output_file.h"

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/lower_case.h"

namespace fmri2img::commands {

void check_output_file(const std::string& option, const std::filesystem::path& path) {
  FMRI2IMG_CHECK_USAGE(
      !std::filesystem::is_directory(path), "{} \"{}\" is a folder: give the name of a file", option, path.string());
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  FMRI2IMG_CHECK_USAGE(std::filesystem::is_directory(folder),
                       "{} \"{}\": the folder \"{}\" is {}: make it first, or choose another name",
                       option,
                       path.string(),
                       folder.string(),
                       std::filesystem::exists(folder) ? "a file" : "not there");
  const AtomicFile trial(path);  // leaves nothing: it is not committed
}

void check_output_picture(const std::string& option, const std::filesystem::path& path) {
  FMRI2IMG_CHECK_USAGE(lower_case(path.extension().string()) == ".png",
                       "{} \"{}\": pictures are written as PNG files: give a .png name",
                       option,
                       path.string());
  check_output_file(option, path);
}

}  // namespace fmri2img::commands
