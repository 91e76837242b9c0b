#include "fmri2img/findings/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "fmri2img/findings/axis.h"
#include "fmri2img/findings/escape_html.h"

namespace fmri2img::findings {
namespace {

constexpr double kFont = 13, kLetter = 0.56 * kFont;  // a letter's width, on average
constexpr double kPlotHeight = 260, kRow = 20;        // of an upright plot; of a bar that lies
constexpr double kGap = 8;                            // between a label and what it labels
constexpr size_t kMostMarkers = 40;                   // a line of more points is drawn without them
constexpr std::array<const char*, 4> kDashes = {"", "7 4", "2 3", "9 3 2 3"};

double text_width(std::string_view text) {
  // Continuation bytes of UTF-8 are no letters of their own.
  return kLetter * static_cast<double>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string colour(size_t series) {
  return kSeriesColours[series % kSeriesColours.size()];
}
std::string dash(size_t series) {
  return kDashes[series / kSeriesColours.size() % kDashes.size()];
}

std::string text_at(double x, double y, std::string_view text, std::string_view attributes = "") {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}"{}>{}</text>)", x, y, attributes, escape_html(text)) + "\n";
}

std::string line_at(double x1, double y1, double x2, double y2, std::string_view attributes) {
  return fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"{}/>)"
                     "\n",
                     x1,
                     y1,
                     x2,
                     y2,
                     attributes);
}

bool has_interval(const ChartSeries& series, size_t i) {
  return i < series.low.size() && i < series.high.size() && std::isfinite(series.low[i]) &&
         std::isfinite(series.high[i]);
}

std::string bar_label(const ChartSeries& series, size_t i) {
  return i < series.labels.size() ? series.labels[i] : tick_label(series.x[i]);
}

/// What a pointer that rests on a value is told.
std::string tip(const Chart& chart, const ChartSeries& series, size_t i) {
  std::string text = series.labels.empty() ? fmt::format("{} {:.4g}", chart.x_label, series.x[i]) : series.labels[i];
  if (!series.name.empty()) text = series.name + ", " + text;
  text += fmt::format(": {:.4g}", series.y[i]);
  if (has_interval(series, i)) text += fmt::format(" [{:.4g}, {:.4g}]", series.low[i], series.high[i]);
  return "<title>" + escape_html(text) + "</title>";
}

/// The categories of bars: every x that occurs, in rising order, with the label that it has first.
std::vector<std::pair<double, std::string>> categories_of(const Chart& chart) {
  std::vector<std::pair<double, std::string>> categories;
  for (const ChartSeries& series : chart.series) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      const bool known = std::ranges::any_of(categories, [&](const auto& each) { return each.first == series.x[i]; });
      if (!known) categories.emplace_back(series.x[i], bar_label(series, i));
    }
  }
  std::ranges::stable_sort(categories, {}, &std::pair<double, std::string>::first);
  return categories;
}

/// Draws one chart: measures first, then appends from the background to the front.
class Drawing {
 public:
  Drawing(const Chart& chart, const SvgOptions& options) : chart_(chart), options_(options) {
    fit_axes();
    measure();
  }

  std::string svg() {
    draw_grid();
    for (size_t i = 0; i < chart_.series.size(); ++i) draw_series(chart_.series[i], i);
    const double height = draw_legend();
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}" )"
        R"(role="img" aria-label="{}" font-family="system-ui, sans-serif" font-size="{}" fill="currentColor">)"
        "\n{}</svg>\n",
        options_.width,
        height,
        options_.width,
        height,
        escape_html(spoken()),
        kFont,
        out_);
  }

 private:
  void fit_axes() {
    std::vector<double> xs, ys;
    for (const ChartSeries& series : chart_.series) {
      xs.insert(xs.end(), series.x.begin(), series.x.end());
      for (const auto* values : {&series.y, &series.low, &series.high}) {
        ys.insert(ys.end(), values->begin(), values->end());
      }
    }
    ys.insert(ys.end(), chart_.shared_y.begin(), chart_.shared_y.end());
    const bool bars = chart_.kind == ChartKind::kBars;
    if (bars && !chart_.log_y) ys.push_back(0);  // a bar's length means something only from zero
    values_ = fit_axis(ys, {.log = chart_.log_y});
    if (!bars) {
      const bool counts = std::ranges::all_of(xs, [](double x) { return x == std::floor(x); });  // epochs, steps
      along_ = fit_axis(xs, {.ends = AxisEnds::kAtValues, .most_ticks = 8, .whole = counts});
      return;
    }
    categories_ = categories_of(chart_);
    double widest = 0;
    for (const auto& [x, label] : categories_) widest = std::max(widest, text_width(label));
    label_width_ = widest;
    lies_ = (widest + kGap) * static_cast<double>(categories_.size()) > options_.width - 80;
  }

  void measure() {
    double widest_tick = 0;
    for (const double tick : values_.ticks) widest_tick = std::max(widest_tick, text_width(tick_label(tick)));
    left_ = (lies_ ? std::min(label_width_, options_.width / 2) : widest_tick) + kGap + 2;
    right_ = options_.width - 24;
    top_ = 12 + (options_.title ? 26 : 0) + (y_title().empty() ? 0 : 20);
    const double rows = static_cast<double>(categories_.size() * std::max<size_t>(1, chart_.series.size()));
    const double bars = static_cast<double>(categories_.size()) * 8 + rows * (chart_.series.size() > 1 ? 12 : 14);
    bottom_ = top_ + (lies_ ? std::max(bars, kRow) : kPlotHeight);
  }

  /// The title of the axis that stands, written lying above it, where it is read without turning one's head.
  [[nodiscard]] const std::string& y_title() const { return lies_ ? chart_.x_label : chart_.y_label; }
  [[nodiscard]] const std::string& x_title() const { return lies_ ? chart_.y_label : chart_.x_label; }

  [[nodiscard]] double value_at(double value) const {
    const double position = values_.position(value);
    return lies_ ? left_ + position * (right_ - left_) : bottom_ - position * (bottom_ - top_);
  }
  [[nodiscard]] double x_at(double x) const { return left_ + along_.position(x) * (right_ - left_); }

  [[nodiscard]] std::string spoken() const {
    std::string text = chart_.title + ". " + chart_.y_label + " over " + chart_.x_label;
    for (size_t i = 0; i < chart_.series.size(); ++i) text += (i == 0 ? ": " : ", ") + chart_.series[i].name;
    return text;
  }

  void draw_grid() {
    if (options_.title) out_ += text_at(0, 17, chart_.title, R"( font-size="16" font-weight="600")");
    if (!y_title().empty()) out_ += text_at(0, top_ - 14, y_title(), R"( opacity="0.75")");
    for (const double tick : values_.ticks) {
      const double at = value_at(tick);
      const bool base = tick == 0 && !values_.log;
      const char* ink = base ? R"( stroke="currentColor" opacity="0.6")" : R"( stroke="currentColor" opacity="0.15")";
      if (lies_) {
        out_ += line_at(at, top_, at, bottom_, ink);
        out_ += text_at(at, bottom_ + 18, tick_label(tick), R"( text-anchor="middle")");
      } else {
        out_ += line_at(left_, at, right_, at, ink);
        out_ += text_at(left_ - kGap, at + 4.5, tick_label(tick), R"( text-anchor="end")");
      }
    }
    if (chart_.kind == ChartKind::kBars) {
      draw_categories();
    } else {
      draw_x_ticks();
    }
    out_ += text_at((left_ + right_) / 2, bottom_ + 38, x_title(), R"( text-anchor="middle" opacity="0.75")");
  }

  void draw_x_ticks() {
    out_ += line_at(left_, bottom_, right_, bottom_, R"( stroke="currentColor" opacity="0.6")");
    for (const double tick : along_.ticks) {
      out_ += line_at(x_at(tick), bottom_, x_at(tick), bottom_ + 4, R"( stroke="currentColor" opacity="0.6")");
      out_ += text_at(x_at(tick), bottom_ + 18, tick_label(tick), R"( text-anchor="middle")");
    }
  }

  /// Room of a category along its axis.
  [[nodiscard]] double step() const {
    const double length = lies_ ? bottom_ - top_ : right_ - left_;
    return length / static_cast<double>(std::max<size_t>(1, categories_.size()));
  }

  void draw_categories() {
    for (size_t i = 0; i < categories_.size(); ++i) {
      const double middle = (static_cast<double>(i) + 0.5) * step();
      out_ += lies_ ? text_at(left_ - kGap, top_ + middle + 4.5, categories_[i].second, R"( text-anchor="end")")
                    : text_at(left_ + middle, bottom_ + 18, categories_[i].second, R"( text-anchor="middle")");
    }
  }

  void draw_series(const ChartSeries& series, size_t number) {
    switch (chart_.kind) {
      case ChartKind::kLines:
        draw_bands(series, number);
        draw_line(series, number);
        return;
      case ChartKind::kBars:
        draw_bars(series, number);
        return;
      case ChartKind::kPoints:
        draw_points(series, number);
        return;
    }
  }

  /// Calls draw(first, last) for each longest run [first, last) of indices that `drawable` accepts.
  template <class Drawable, class Draw>
  static void for_each_run(size_t size, const Drawable& drawable, const Draw& draw) {
    for (size_t first = 0; first < size; ++first) {
      size_t last = first;
      while (last < size && drawable(last)) ++last;
      if (last > first) draw(first, last);
      first = last;
    }
  }

  void draw_bands(const ChartSeries& series, size_t number) {
    const auto drawable = [&](size_t i) {
      return has_interval(series, i) && std::isfinite(value_at(series.low[i])) && std::isfinite(series.x[i]);
    };
    for_each_run(series.x.size(), drawable, [&](size_t first, size_t last) {
      std::string corners;
      for (size_t i = first; i < last; ++i)
        corners += fmt::format("{:.1f},{:.1f} ", x_at(series.x[i]), value_at(series.high[i]));
      for (size_t i = last; i-- > first;)
        corners += fmt::format("{:.1f},{:.1f} ", x_at(series.x[i]), value_at(series.low[i]));
      corners.pop_back();
      out_ += fmt::format(R"(<polygon points="{}" fill="{}" opacity="0.18"/>)"
                          "\n",
                          corners,
                          colour(number));
    });
  }

  void draw_line(const ChartSeries& series, size_t number) {
    const auto drawable = [&](size_t i) { return std::isfinite(value_at(series.y[i])) && std::isfinite(series.x[i]); };
    const bool markers = series.x.size() <= kMostMarkers;
    for_each_run(series.x.size(), drawable, [&](size_t first, size_t last) {
      std::string corners;
      for (size_t i = first; i < last; ++i)
        corners += fmt::format("{:.1f},{:.1f} ", x_at(series.x[i]), value_at(series.y[i]));
      corners.pop_back();
      out_ +=
          fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round"{}/>)"
                      "\n",
                      corners,
                      colour(number),
                      stroke_dash(number));
      // A run of one point has no length: without a marker it would not be seen.
      for (size_t i = first; i < last && (markers || last - first == 1); ++i) draw_marker(series, i, number);
    });
  }

  void draw_points(const ChartSeries& series, size_t number) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!std::isfinite(value_at(series.y[i])) || !std::isfinite(series.x[i])) continue;
      const double x = x_at(series.x[i]);
      if (has_interval(series, i)) draw_whisker(x, series, i, colour(number));
      draw_marker(series, i, number);
    }
  }

  void draw_marker(const ChartSeries& series, size_t i, size_t number) {
    out_ += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="{}">{}</circle>)"
                        "\n",
                        x_at(series.x[i]),
                        value_at(series.y[i]),
                        colour(number),
                        tip(chart_, series, i));
  }

  /// `across`: where it stands on the axis of categories, in user units.
  void draw_whisker(double across, const ChartSeries& series, size_t i, std::string_view ink) {
    const double low = value_at(series.low[i]), high = value_at(series.high[i]);
    if (!std::isfinite(low) || !std::isfinite(high)) return;
    const auto stroke = [&](double along1, double across1, double along2, double across2) {
      const std::string attributes = fmt::format(R"( stroke="{}" stroke-width="1.5")", ink);
      out_ += lies_ ? line_at(along1, across1, along2, across2, attributes)
                    : line_at(across1, along1, across2, along2, attributes);
    };
    stroke(low, across, high, across);
    stroke(low, across - 4, low, across + 4);
    stroke(high, across - 4, high, across + 4);
  }

  void draw_bars(const ChartSeries& series, size_t number) {
    const double group = step() * 0.8, thick = std::min(group / static_cast<double>(chart_.series.size()), 64.0);
    const double start = (step() - thick * static_cast<double>(chart_.series.size())) / 2;
    const double base = value_at(values_.log ? values_.low : 0);
    for (size_t i = 0; i < series.x.size(); ++i) {
      const double end = value_at(series.y[i]);
      if (!std::isfinite(end)) continue;
      const auto category = std::ranges::find(categories_, series.x[i], &std::pair<double, std::string>::first);
      const double across = (lies_ ? top_ : left_) + step() * static_cast<double>(category - categories_.begin()) +
                            start + thick * static_cast<double>(number);
      const double from = std::min(base, end), length = std::abs(base - end);
      out_ += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}">{}</rect>)"
                          "\n",
                          lies_ ? from : across + 0.5,
                          lies_ ? across + 0.5 : from,
                          lies_ ? length : thick - 1,
                          lies_ ? thick - 1 : length,
                          colour(number),
                          tip(chart_, series, i));
      if (has_interval(series, i)) draw_whisker(across + thick / 2, series, i, "currentColor");
    }
  }

  static std::string stroke_dash(size_t number) {
    return dash(number).empty() ? "" : fmt::format(R"( stroke-dasharray="{}")", dash(number));
  }

  void draw_swatch(double x, double y, size_t number) {
    if (chart_.kind == ChartKind::kLines) {
      out_ += line_at(x,
                      y - 4.5,
                      x + 22,
                      y - 4.5,
                      fmt::format(R"( stroke="{}" stroke-width="2.5"{})", colour(number), stroke_dash(number)));
    } else {
      out_ += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="12" height="12" rx="2" fill="{}"/>)"
                          "\n",
                          x + 5,
                          y - 10.5,
                          colour(number));
    }
  }

  /// Returns the height of the whole picture.
  double draw_legend() {
    double x = left_, y = bottom_ + 62;
    if (chart_.series.size() < 2) return bottom_ + 46;
    for (size_t i = 0; i < chart_.series.size(); ++i) {
      const double width = 28 + text_width(chart_.series[i].name) + 18;
      if (x + width > options_.width && x > left_) {
        x = left_;
        y += 20;
      }
      draw_swatch(x, y, i);
      out_ += text_at(x + 28, y, chart_.series[i].name);
      x += width;
    }
    return y + 12;
  }

  const Chart& chart_;
  SvgOptions options_;
  Axis values_, along_;  // of y; of x, where that is a number
  std::vector<std::pair<double, std::string>> categories_;
  double label_width_ = 0;
  bool lies_ = false;                                   // bars along rows
  double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;  // the plot's sides, user units
  std::string out_;
};

}  // namespace

std::string svg_chart(const Chart& chart, const SvgOptions& options) {
  return Drawing(chart, options).svg();
}

}  // namespace fmri2img::findings
