#include "fmri2img/findings/finding.h"

#include <array>
#include <cmath>
#include <limits>

#include "fmri2img/core/check.h"

namespace fmri2img::findings {
namespace {

constexpr std::array<const char*, 3> kKindNames = {"lines", "bars", "points"};  // in the order of ChartKind

Json numbers_json(const std::vector<double>& numbers) {
  Json list = Json::array();
  for (const double number : numbers) list.push_back(std::isfinite(number) ? Json(number) : Json(nullptr));
  return list;
}

std::vector<double> numbers_of(const Json& list, const std::string& where) {
  FMRI2IMG_CHECK(list.is_array(), "{}: expected a list of numbers", where);
  std::vector<double> numbers;
  for (const Json& item : list) {
    FMRI2IMG_CHECK(item.is_number() || item.is_null(), "{}: expected numbers, found {}", where, item.dump());
    numbers.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN() : item.get<double>());
  }
  return numbers;
}

Json to_json(const ChartSeries& series) {
  return {{"name", series.name},
          {"x", numbers_json(series.x)},
          {"y", numbers_json(series.y)},
          {"low", numbers_json(series.low)},
          {"high", numbers_json(series.high)},
          {"labels", series.labels}};
}

ChartSeries series_of(Json json, const std::string& where) {
  JsonFields fields(std::move(json), where);
  ChartSeries series;
  series.name = fields.require<std::string>("name");
  const auto numbers = [&](const char* key) { return numbers_of(fields.require<Json>(key), where + "." + key); };
  series.x = numbers("x");
  series.y = numbers("y");
  series.low = numbers("low");
  series.high = numbers("high");
  series.labels = fields.require<std::vector<std::string>>("labels");
  fields.finish();
  const auto fits = [&](size_t size) { return size == series.x.size(); };
  const auto fits_or_empty = [&](size_t size) { return size == 0 || fits(size); };
  FMRI2IMG_CHECK(fits(series.y.size()) && fits_or_empty(series.low.size()) && fits_or_empty(series.high.size()) &&
                     fits_or_empty(series.labels.size()),
                 "{}: x, y, low, high and labels differ in length",
                 where);
  return series;
}

Json to_json(const Chart& chart) {
  Json series = Json::array();
  for (const ChartSeries& each : chart.series) series.push_back(to_json(each));
  return {{"id", chart.id},
          {"title", chart.title},
          {"kind", kKindNames[static_cast<size_t>(chart.kind)]},
          {"x_label", chart.x_label},
          {"y_label", chart.y_label},
          {"log_y", chart.log_y},
          {"shared_y", numbers_json(chart.shared_y)},
          {"series", series}};
}

ChartKind kind_of(const std::string& name, const std::string& where) {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (name == kKindNames[i]) return static_cast<ChartKind>(i);
  }
  fail(ErrorKind::kBadInput, "{}: kind \"{}\" is not lines, bars or points", where, name);
}

Chart chart_of(Json json, const std::string& where) {
  JsonFields fields(std::move(json), where);
  Chart chart;
  chart.id = fields.require<std::string>("id");
  chart.title = fields.require<std::string>("title");
  chart.kind = kind_of(fields.require<std::string>("kind"), where);
  chart.x_label = fields.require<std::string>("x_label");
  chart.y_label = fields.require<std::string>("y_label");
  chart.log_y = fields.require<bool>("log_y");
  chart.shared_y = numbers_of(fields.optional("shared_y", Json::array()), where + ".shared_y");
  const auto series = fields.require<std::vector<Json>>("series");
  for (size_t i = 0; i < series.size(); ++i) {
    chart.series.push_back(series_of(series[i], where + ".series[" + std::to_string(i) + "]"));
  }
  fields.finish();
  return chart;
}

FindingTable table_of(Json json, const std::string& where) {
  JsonFields fields(std::move(json), where);
  FindingTable table;
  table.title = fields.require<std::string>("title");
  table.columns = fields.require<std::vector<std::string>>("columns");
  table.rows = fields.require<std::vector<std::vector<std::string>>>("rows");
  fields.finish();
  for (const auto& row : table.rows) {
    FMRI2IMG_CHECK(row.size() == table.columns.size(),
                   "{}: a row of {} cells under {} columns",
                   where,
                   row.size(),
                   table.columns.size());
  }
  return table;
}

}  // namespace

Json to_json(const Finding& finding) {
  Json tables = Json::array(), charts = Json::array();
  for (const FindingTable& table : finding.tables) {
    tables.push_back({{"title", table.title}, {"columns", table.columns}, {"rows", table.rows}});
  }
  for (const Chart& chart : finding.charts) charts.push_back(to_json(chart));
  return {{"id", finding.id},
          {"title", finding.title},
          {"lead", finding.lead},
          {"tables", tables},
          {"charts", charts},
          {"notes", finding.notes}};
}

Finding read_finding(const std::filesystem::path& file) {
  const std::string where = file.string();
  JsonFields fields(read_json(file), where);
  Finding finding;
  finding.id = fields.require<std::string>("id");
  finding.title = fields.require<std::string>("title");
  finding.lead = fields.require<std::string>("lead");
  const auto tables = fields.require<std::vector<Json>>("tables"), charts = fields.require<std::vector<Json>>("charts");
  for (size_t i = 0; i < tables.size(); ++i) {
    finding.tables.push_back(table_of(tables[i], where + ": tables[" + std::to_string(i) + "]"));
  }
  for (size_t i = 0; i < charts.size(); ++i) {
    finding.charts.push_back(chart_of(charts[i], where + ": charts[" + std::to_string(i) + "]"));
  }
  finding.notes = fields.require<std::vector<std::string>>("notes");
  fields.finish();
  return finding;
}

}  // namespace fmri2img::findings
