#pragma once

#include <array>
#include <string>

#include "fmri2img/findings/finding.h"

namespace fmri2img::findings {

/// Colours of the series, in turn. Each stands out at least 3:1 from white and from the dark page (WCAG 1.4.11).
inline constexpr std::array<const char*, 8> kSeriesColours = {
    "#3b7dd8", "#c96a12", "#2a9268", "#c2508f", "#8a6fd1", "#8f7f1a", "#1c8fa3", "#d1493f"};

struct SvgOptions {
  double width = 720;  ///< user units, which are pixels where nothing scales the picture; the height follows
  bool title = true;   ///< above the chart; without it only readers of the label have it
};

/// A chart as a picture that needs no script: a whole <svg> element, also the content of an .svg file.
///
/// Axes with round ticks, intervals (bands of lines, whiskers of bars and points), a legend below from two series on.
/// Bars whose labels do not fit side by side lie down, one row each. Ink is `currentColor`, so that the picture is
/// dark on light pages and light on dark ones. A series beyond the eighth repeats a colour with another dash.
/// Values that are not finite, or not positive on a logarithmic axis, are left out. Same chart, same text.
std::string svg_chart(const Chart& chart, const SvgOptions& options = {});

}  // namespace fmri2img::findings
