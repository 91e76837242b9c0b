#include "commands/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/reconstruction/results.h"
#include "fmri2img/report/results_report.h"

namespace fmri2img::commands {
namespace {

struct Report {
  std::vector<std::string> folders;
  std::string out;

  void usage(CLI::App& app) {
    app.add_option("RESULTS", folders, "Folders that `reconstruct` wrote; of further ones the pictures stand beside")
        ->required();
    app.add_option("--out", out, "The page (default: report.html in the first folder)");
    app.footer(
        "The page holds its pictures: it may be moved and mailed. Figures are in it where `evaluate` has run.\n"
        "Example: fmri2img report results");
  }

  void run() const {
    std::vector<reconstruction::Results> results;
    for (const std::string& folder : folders) results.push_back(reconstruction::read_results(folder));
    const std::filesystem::path file =
        out.empty() ? results.front().folder / report::kReportFile : std::filesystem::path(out);
    report::write_results_report(file, results);
    fmt::print("{}\n", file.string());
  }
};

}  // namespace

Command report() {
  return make_command<Report>("report", "Show results on one page that needs no other file");
}

}  // namespace fmri2img::commands
