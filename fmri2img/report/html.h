#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fmri2img::report {

/// `text` as it is shown, in element content and in quoted attributes.
std::string escape_html(std::string_view text);

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

/// An `img` that carries a PNG file in itself. Throws Error if the file cannot be read.
std::string embed_picture(const std::filesystem::path& png, std::string_view alternative);

/// A whole page that needs nothing but itself: `body` between a head with `title` and the end.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace fmri2img::report
