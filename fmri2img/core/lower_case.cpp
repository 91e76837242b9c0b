#include "fmri2img/core/lower_case.h"

#include <algorithm>
#include <cctype>

namespace fmri2img {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

}  // namespace fmri2img
