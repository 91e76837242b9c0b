#include "commands/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <CLI/App.hpp>

#include "fmri2img/core/error.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/variable.h"
#include "fmri2img/statistics/array_summary.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using statistics::ArraySummary;

/// One array, with the summary of its values where it was asked for and the array has real numbers.
struct InspectedVariable {
  io::VariableInfo info;
  std::optional<ArraySummary> values;
  std::string error;  ///< why the values cannot be read; empty where they can
};

InspectedVariable inspect_variable(const std::string& file, const io::VariableInfo& info, bool with_values) {
  InspectedVariable variable{info, std::nullopt, {}};
  if (!with_values || !info.readable) return variable;
  const at::Tensor array = io::read_variable(info.name.empty() ? file : file + ":" + info.name);
  if (!array.is_complex()) variable.values = statistics::summarise(array);
  return variable;
}

/// One array of many: the others are still worth showing where it cannot be read.
InspectedVariable inspect_or_mark(const std::string& file, const io::VariableInfo& info, bool with_values) {
  try {
    return inspect_variable(file, info, with_values);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    log_warning("{}", error.what());
    return {info, std::nullopt, error.what()};
  }
}

std::vector<InspectedVariable> inspect_variables(const std::string& file_and_name, bool with_values) {
  const io::VariablePath path = io::split_variable_path(file_and_name);
  const std::string file = path.file.string();
  const std::vector<io::VariableInfo> found = io::list_variables(path.file);
  if (!path.name.empty()) {
    return {inspect_variable(file, io::find_variable(found, path.name, fmt::format("\"{}\"", file)), with_values)};
  }
  std::vector<InspectedVariable> variables;
  for (const io::VariableInfo& info : found) {
    variables.push_back(found.size() == 1 ? inspect_variable(file, info, with_values)
                                          : inspect_or_mark(file, info, with_values));
  }
  return variables;
}

using TableRow = std::array<std::string, 8>;

std::string format_value(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.6g}", value);
}

TableRow table_row(const InspectedVariable& variable) {
  TableRow row;
  row.fill("-");
  if (!variable.info.name.empty()) row[0] = variable.info.name;
  row[1] = variable.info.type;
  row[2] = format_shape(variable.info.shape);
  if (!variable.error.empty()) row[3] = "unreadable";
  if (!variable.values) return row;
  const ArraySummary& values = *variable.values;
  row[3] = format_value(values.minimum);
  row[4] = format_value(values.maximum);
  row[5] = format_value(values.mean);
  row[6] = format_count(values.nan);
  row[7] = format_count(values.infinite);
  return row;
}

/// Names and types to the left, numbers to the right; without values the first three columns.
std::string format_table(const std::vector<InspectedVariable>& variables, bool with_values) {
  std::vector<TableRow> rows{{"name", "type", "shape", "minimum", "maximum", "mean", "NaN", "infinite"}};
  for (const InspectedVariable& variable : variables) rows.push_back(table_row(variable));
  const size_t columns = with_values ? 8 : 3;
  std::array<size_t, 8> widths{};
  for (const TableRow& row : rows) {
    for (size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const TableRow& row : rows) {
    std::string line = " ";
    for (size_t c = 0; c < columns; ++c) {
      line += c < 3 ? fmt::format(" {:<{}}", row[c], widths[c]) : fmt::format("  {:>{}}", row[c], widths[c]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json to_json(const InspectedVariable& variable) {
  Json json = {{"name", variable.info.name},
               {"type", variable.info.type},
               {"shape", variable.info.shape},
               {"readable", variable.info.readable && variable.error.empty()}};
  if (!variable.error.empty()) json["error"] = variable.error;
  if (!variable.values) return json;
  json["minimum"] = number_or_null(variable.values->minimum);
  json["maximum"] = number_or_null(variable.values->maximum);
  json["mean"] = number_or_null(variable.values->mean);
  json["nan"] = variable.values->nan;
  json["infinite"] = variable.values->infinite;
  return json;
}

struct Inspect {
  std::vector<std::string> files;
  bool no_values = false;
  bool json = false;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("FILE", files, "Array files or pictures; FILE:NAME shows one array")->required();
    app.add_flag("--no-values", no_values, "Names, types and shapes only: reads headers, not the numbers");
    app.add_flag("--json", json, "Print as JSON");
    compute.add_threads_to(app);
    app.footer(
        "Minimum, maximum and mean are those of the finite values.\n"
        "Example: fmri2img inspect subj01/training_split/training_fmri/lh_training_fmri.npy");
  }

  /// Prints a file as text, or returns it as JSON.
  Json show(const std::string& file) const {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored) && io::is_image(file)) return show_picture(file);
    const std::vector<InspectedVariable> variables = inspect_variables(file, !no_values);
    if (!json) fmt::print("{}\n{}", file, format_table(variables, !no_values));
    Json list = Json::array();
    for (const InspectedVariable& variable : variables) list.push_back(to_json(variable));
    return {{"file", file}, {"variables", std::move(list)}};
  }

  Json show_picture(const std::string& file) const {
    const io::ImageInfo info = io::read_image_info(file);
    if (!json) {
      fmt::print("{}\n  picture, {} x {} pixels (width x height), {} of {} bits\n",
                 file,
                 info.width,
                 info.height,
                 counted(info.channels, "channel", "channels"),
                 info.bit_depth);
    }
    return {
        {"file", file},
        {"picture",
         {{"width", info.width}, {"height", info.height}, {"channels", info.channels}, {"bit_depth", info.bit_depth}}}};
  }

  void run() {
    compute.apply();
    Json shown = Json::array();
    for (const std::string& file : files) {
      shown.push_back(with_context(fmt::format("while inspecting \"{}\"", file), [&] { return show(file); }));
    }
    if (json) fmt::print("{}\n", Json{{"files", std::move(shown)}}.dump(2));
  }
};

}  // namespace

Command inspect() {
  return make_command<Inspect>("inspect", "Show what is in an array file or a picture");
}

}  // namespace fmri2img::commands
