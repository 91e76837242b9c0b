#pragma once

#include <string>

namespace fmri2img {

/// With the letters A to Z made small: file names and their endings are compared so.
std::string lower_case(std::string text);

}  // namespace fmri2img
