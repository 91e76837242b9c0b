#include "fmri2img/io/lora_file.h"

#include "fmri2img/core/lower_case.h"

namespace fmri2img::io {

bool is_lora_file(const std::filesystem::path& path) {
  return lower_case(path.filename().string()).find("lora") != std::string::npos &&
         std::filesystem::is_regular_file(path);
}

}  // namespace fmri2img::io
