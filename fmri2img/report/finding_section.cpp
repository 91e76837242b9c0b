#include "fmri2img/report/finding_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/report/chart_figure.h"
#include "fmri2img/report/html.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostOpenRows = 20;  // of a table; longer ones are folded

fs::path finding_file(const fs::path& named) {
  fs::path file = is_directory(named) ? named / findings::kFindingFile : named;
  FMRI2IMG_CHECK(exists(file),
                 "there is no finding \"{}\": --finding takes the folder of an experiment, or the {} in it",
                 file.string(),
                 findings::kFindingFile);
  return file;
}

std::string finding_table(const findings::FindingTable& table) {
  const bool folded = table.rows.size() > kMostOpenRows;
  std::string head, rows;
  for (const std::string& column : table.columns) head += fmt::format("<th scope=\"col\">{}</th>", escape_html(column));
  for (const auto& row : table.rows) {
    rows += "<tr>";
    for (const std::string& cell : row) rows += fmt::format("<td>{}</td>", escape_html(cell));
    rows += "</tr>\n";
  }
  std::string frame = scroll_frame(table.title,
                                   fmt::format("<table>\n{}<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table>\n",
                                               folded ? "" : "<caption>" + escape_html(table.title) + "</caption>\n",
                                               head,
                                               rows));
  if (!folded) return frame;
  return fmt::format("<details><summary>{} <small>{} rows</small></summary>\n{}</details>\n",
                     escape_html(table.title),
                     table.rows.size(),
                     frame);
}

}  // namespace

std::vector<fs::path> find_findings(const std::vector<fs::path>& named, const fs::path& results) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& file) {
    const bool known = std::ranges::any_of(files, [&](const fs::path& each) { return equivalent(each, file); });
    if (!known) files.push_back(file);
  };
  for (const fs::path& each : named) add(finding_file(each));
  if (exists(results / findings::kFindingFile)) add(results / findings::kFindingFile);
  std::set<fs::path> below;
  for (const auto& entry : fs::directory_iterator(results)) {
    if (exists(entry.path() / findings::kFindingFile)) below.insert(entry.path() / findings::kFindingFile);
  }
  for (const fs::path& file : below) add(file);
  return files;
}

std::string finding_section(const findings::Finding& finding, const std::string& id) {
  std::string text = finding.lead.empty() ? "" : fmt::format("<p class=\"lead\">{}</p>\n", escape_html(finding.lead));
  for (const findings::Chart& chart : finding.charts) text += chart_figure(chart, id + "-" + chart.id);
  for (const findings::FindingTable& table : finding.tables) text += finding_table(table);
  for (const std::string& note : finding.notes) text += fmt::format("<p class=\"soft\">{}</p>\n", escape_html(note));
  return text;
}

}  // namespace fmri2img::report
