#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fmri2img/findings/escape_html.h"

namespace fmri2img::report {

using findings::escape_html;

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

/// One part of a page, with an entry in its navigation.
struct PageSection {
  std::string id, title;
  std::string link;     ///< its name in the navigation
  std::string content;  ///< HTML below the heading; a section without content is left out of the page
};

struct HtmlPage {
  std::string title;
  std::string header;  ///< HTML above the first section
  std::vector<PageSection> sections;
  std::string footer;
  bool links_images = false;  ///< pictures are files beside the page
};

/// A whole page with its style and script in it. Its content security policy forbids everything that would leave the
/// page: no request, no script but its own (by hash), no form. With `links_images` pictures may come from where the
/// page lies.
std::string render(const HtmlPage& page);

/// JSON for a <script> element of type application/json: no text in it can end the element.
std::string script_json(std::string json);

/// A table's frame that scrolls sideways on narrow screens and can be reached and scrolled by keyboard.
std::string scroll_frame(std::string_view label, std::string_view content);

}  // namespace fmri2img::report
