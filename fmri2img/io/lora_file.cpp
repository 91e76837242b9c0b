#include "fmri2img/io/lora_file.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace fmri2img::io {

bool is_lora_file(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  std::ranges::transform(name, name.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return name.find("lora") != std::string::npos && std::filesystem::is_regular_file(path);
}

}  // namespace fmri2img::io
