#include "fmri2img/report/html.h"

#include <fmt/format.h>

#include <cstdint>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/report/page_style.h"

namespace fmri2img::report {

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : kDigits[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

std::string embed_picture(const std::filesystem::path& png, std::string_view alternative) {
  return fmt::format(
      R"(<img src="data:image/png;base64,{}" alt="{}">)", base64(read_file(png)), escape_html(alternative));
}

std::string html_page(std::string_view title, std::string_view body) {
  return fmt::format(
      R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>{}</style>
</head>
<body>
{}</body>
</html>
)",
      escape_html(title),
      kPageStyle,
      body);
}

}  // namespace fmri2img::report
