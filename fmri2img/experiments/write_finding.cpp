#include "fmri2img/experiments/write_finding.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/findings/svg_chart.h"

namespace fmri2img::experiments {
namespace {

std::vector<size_t> column_widths(const findings::FindingTable& table) {
  std::vector<size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(column.size());
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::string aligned(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += fmt::format("{:<{}}", cells[i], widths[i] + 2);
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

void write_finding(const std::filesystem::path& folder, const findings::Finding& finding) {
  for (const findings::Chart& chart : finding.charts) {
    write_file(folder / (chart.id + ".svg"), findings::svg_chart(chart));
  }
  write_json(folder / findings::kFindingFile, findings::to_json(finding));
}

std::string to_text(const findings::Finding& finding) {
  std::string text = finding.title + "\n" + finding.lead + "\n";
  for (const findings::FindingTable& table : finding.tables) {
    const std::vector<size_t> widths = column_widths(table);
    text += "\n" + table.title + "\n" + aligned(table.columns, widths);
    for (const auto& row : table.rows) text += aligned(row, widths);
  }
  if (!finding.notes.empty()) text += "\n";
  for (const std::string& note : finding.notes) text += "note: " + note + "\n";
  return text;
}

}  // namespace fmri2img::experiments
