#pragma once

#include <string>
#include <string_view>

namespace fmri2img::findings {

/// `text` as it is shown, in element content and in quoted attributes of HTML and SVG.
std::string escape_html(std::string_view text);

}  // namespace fmri2img::findings
