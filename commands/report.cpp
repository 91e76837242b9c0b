#include "commands/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/reconstruction/check_results.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/report/check_evaluations.h"
#include "fmri2img/report/results_report.h"

namespace fmri2img::commands {
namespace {

struct Report {
  std::vector<std::string> folders, findings;
  std::string out;
  bool link_images = false, no_doctor = false;

  void usage(CLI::App& app) {
    app.add_option("RESULTS", folders, "Folders that `reconstruct` wrote; of further ones the pictures stand beside")
        ->required();
    app.add_option("--out", out, "The page (default: report.html in the first folder)");
    app.add_option(
           "--finding", findings, "What an experiment found: its folder, or the finding.json in it; may be repeated")
        ->allow_extra_args(false);
    app.add_flag(
        "--link-images", link_images, "Leave the pictures in their files instead of putting thumbnails in the page");
    app.add_flag("--no-doctor", no_doctor, "Do not look for what is wrong with the subject (30 s for a full one)");
    app.footer(
        "The page holds its pictures and makes no request: it may be moved and mailed; with --link-images only "
        "together\n"
        "with the results folders. Scores are in it where `evaluate` has run, loss curves where the decoders' folders "
        "are\n"
        "still where they were, and every finding.json in the first folder or one level below.\n"
        "Example: fmri2img report results --finding experiments/roi-importance");
  }

  void run() const {
    std::vector<reconstruction::Results> results;
    for (const std::string& folder : folders) {
      results.push_back(reconstruction::read_results(folder));
      reconstruction::check_results(results.back());
      report::check_evaluations(results.back());
    }
    const std::filesystem::path file =
        out.empty() ? results.front().folder / report::kReportFile : std::filesystem::path(out);
    report::ReportOptions options{.link_images = link_images, .examine_subject = !no_doctor};
    options.findings.assign(findings.begin(), findings.end());
    report::write_results_report(file, results, options);
    fmt::print("{}\n", file.string());
  }
};

}  // namespace

Command report() {
  return make_command<Report>("report", "Show results on one page that needs no other file");
}

}  // namespace fmri2img::commands
