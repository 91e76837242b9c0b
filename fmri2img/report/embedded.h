#pragma once

#include <string_view>

namespace fmri2img::report {

/// Files of this folder that the program carries in itself (CMakeLists.txt).
extern const std::string_view kPageStyle;      ///< page/report.css
extern const std::string_view kPageScript;     ///< page/report.js: made by page/build.mjs
extern const std::string_view kPublishedRows;  ///< published_rows.json

}  // namespace fmri2img::report
