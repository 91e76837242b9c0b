#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::findings {

/// One line, set of bars or cloud of points of a chart. All vectors are as long as `x`, or empty.
struct ChartSeries {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;            ///< NaN where there is no value: the line is broken there
  std::vector<double> low, high;    ///< ends of each value's interval; empty: none
  std::vector<std::string> labels;  ///< what each point is called when pointed at; bars: what stands below them
};

enum class ChartKind { kLines, kBars, kPoints };

/// A chart as numbers; how it is drawn is the reader's business.
struct Chart {
  std::string id;     ///< unique in its finding, fit for a file name: "training-loss"
  std::string title;  ///< what is to be seen, one line
  ChartKind kind = ChartKind::kLines;
  std::string x_label, y_label;  ///< with units
  bool log_y = false;
  std::vector<double> shared_y;  ///< values that y's axis holds as well, so that charts side by side have one scale
  std::vector<ChartSeries> series;
};

/// Cells are shown as they are; `columns` heads them. All rows are as long as `columns`.
struct FindingTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// What an experiment or an analysis has found: one section of a report.
struct Finding {
  std::string id;  ///< "experiment-1", "roi-importance"
  std::string title;
  std::string lead;  ///< what was done, in a sentence or two
  std::vector<FindingTable> tables;
  std::vector<Chart> charts;
  std::vector<std::string> notes;  ///< sentences that belong to the figures, warnings among them
};

/// The file in an experiment's folder that a report looks for.
inline constexpr const char* kFindingFile = "finding.json";

Json to_json(const Finding& finding);

/// Throws Error naming the file and the field if it is no finding.
Finding read_finding(const std::filesystem::path& file);

}  // namespace fmri2img::findings
