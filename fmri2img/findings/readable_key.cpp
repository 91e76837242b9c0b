#include "fmri2img/findings/readable_key.h"

#include <algorithm>

namespace fmri2img::findings {

std::string readable_key(std::string_view key) {
  std::string text(key);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace fmri2img::findings
