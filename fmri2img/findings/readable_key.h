#pragma once

#include <string>
#include <string_view>

namespace fmri2img::findings {

/// A key of a file as people read it: underscores as spaces.
std::string readable_key(std::string_view key);

}  // namespace fmri2img::findings
