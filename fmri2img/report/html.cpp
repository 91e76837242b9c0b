#include "fmri2img/report/html.h"

#include <fmt/format.h>

#include <cstdint>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/report/embedded.h"

namespace fmri2img::report {
namespace {

/// How a content security policy names a script: base64 of the bytes that `sha256` gives in hexadecimal.
std::string script_hash(std::string_view script) {
  const std::string digits = sha256(script);
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return "sha256-" + base64(bytes);
}

std::string security_policy(bool links_images) {
  return fmt::format(
      "default-src 'none'; script-src '{}'; style-src 'unsafe-inline'; img-src data:{}; base-uri 'none'; "
      "form-action 'none'",
      script_hash(kPageScript),
      links_images ? " 'self' file:" : "");
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
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

std::string script_json(std::string json) {
  for (size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at)) json.replace(at, 1, "\\u003c");
  return json;
}

std::string scroll_frame(std::string_view label, std::string_view content) {
  return fmt::format("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n{}</div>\n",
                     escape_html(label),
                     content);
}

std::string render(const HtmlPage& page) {
  std::string links, sections;
  for (const PageSection& section : page.sections) {
    if (section.content.empty()) continue;
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escape_html(section.link));
    sections += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}"
        "</section>\n",
        section.id,
        escape_html(section.title),
        section.content);
  }
  std::string text = fmt::format(
      R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>{}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Sections"><ul>
{}</ul></nav>
<main class="wrap" id="content">
{}{}</main>
<footer class="wrap">{}</footer>
)",
      security_policy(page.links_images),
      escape_html(page.title),
      kPageStyle,
      links,
      page.header,
      sections,
      page.footer);
  text += "<script>";
  text += kPageScript;
  return text + "</script>\n</body>\n</html>\n";
}

}  // namespace fmri2img::report
