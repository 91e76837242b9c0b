#include "fmri2img/findings/svg_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace fmri2img::findings {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Chart example(ChartKind kind) {
  return {.id = "loss",
          .title = "Loss <of> two",
          .kind = kind,
          .x_label = "epoch",
          .y_label = "L1",
          .series = {{.name = "train", .x = {1, 2, 3}, .y = {3, 2, 1}, .low = {2.5, 1.5, 0.5}, .high = {3.5, 2.5, 1.5}},
                     {.name = "a & b", .x = {1, 2, 3}, .y = {3.5, std::nan(""), 2}}}};
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TEST(SvgChart, IsAPictureWithLabelsAndLegend) {
  const std::string svg = svg_chart(example(ChartKind::kLines));
  EXPECT_THAT(svg, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr(">Loss &lt;of&gt; two</text>"));
  EXPECT_THAT(svg, HasSubstr(">a &amp; b</text>"));
  EXPECT_THAT(svg, HasSubstr(">epoch</text>"));
  EXPECT_THAT(svg, HasSubstr("aria-label=\"Loss &lt;of&gt; two. L1 over epoch: train, a &amp; b\""));
  EXPECT_EQ(svg, svg_chart(example(ChartKind::kLines)));
}

TEST(SvgChart, LineIsBrokenWhereAValueIsMissing) {
  const std::string svg = svg_chart(example(ChartKind::kLines));
  EXPECT_EQ(count(svg, "<polyline"), 3);  // one run of "train", two of the other
  EXPECT_EQ(count(svg, "<circle"), 5);
  EXPECT_EQ(count(svg, "<polygon"), 1);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(SvgChart, BarsStandOnZeroWithWhiskersAndSayWhatTheyAre) {
  const std::string svg = svg_chart(example(ChartKind::kBars), {.title = false});
  EXPECT_EQ(count(svg, "<rect"), 5 + 2);  // five values, two in the legend
  EXPECT_THAT(svg, HasSubstr("<title>train, epoch 2: 2 [1.5, 2.5]</title>"));
  EXPECT_THAT(svg, HasSubstr(">0</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">Loss")));
}

TEST(SvgChart, BarsWithLongLabelsLieDown) {
  Chart chart{.title = "ROI", .kind = ChartKind::kBars, .x_label = "ROI", .y_label = "change", .series = {{}}};
  for (int i = 0; i < 30; ++i) {
    chart.series[0].x.push_back(i);
    chart.series[0].y.push_back(i - 15);
    chart.series[0].labels.push_back("left hemisphere " + std::to_string(i));
  }
  const std::string svg = svg_chart(chart);
  EXPECT_EQ(count(svg, "text-anchor=\"end\">left hemisphere"), 30);
  EXPECT_THAT(svg, HasSubstr("height=\"16.6\"")) << "all bars are equally high: they are rows";
}

TEST(SvgChart, LogarithmicAxisLeavesOutWhatIsNotPositive) {
  Chart chart = example(ChartKind::kPoints);
  chart.log_y = true;
  chart.series[1].y = {-1, 0, 2};
  const std::string svg = svg_chart(chart);
  EXPECT_EQ(count(svg, "<circle"), 4);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(SvgChart, NoSeriesIsAnEmptyChart) {
  EXPECT_THAT(svg_chart({.title = "nothing"}), HasSubstr(">nothing</text>"));
}

double luminance(const std::string& colour) {
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (size_t i = 0; i < 3; ++i) {
    const double channel = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += weights[i] * (channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4));
  }
  return sum;
}

TEST(SvgChart, ColoursStandOutFromLightAndDarkPages) {
  for (const char* colour : kSeriesColours) {
    EXPECT_GE(1.05 / (luminance(colour) + 0.05), 3) << colour;
    EXPECT_GE((luminance(colour) + 0.05) / (luminance("#15181c") + 0.05), 3) << colour;
  }
}

}  // namespace
}  // namespace fmri2img::findings
