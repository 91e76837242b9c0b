#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

inline constexpr const char* kReportFile = "report.html";

struct ReportOptions {
  bool link_images = false;     ///< pictures stay files beside the page instead of thumbnails in it
  bool examine_subject = true;  ///< look for what `doctor` finds, where the subject is reachable: 30 s for a full one
  std::vector<std::filesystem::path> findings;  ///< besides those that lie in the first results folder
};

/// Writes one page that needs no other file and makes no request: what was run, best and worst trials, scores beside
/// published ones, votes, every trial, the decoders' training, and what experiments found.
///
/// The first results are what the page is about; the others are runs on the same trials, whose pictures and scores
/// stand beside. Throws Error (mismatch) if the others are of another subject or of other trials.
/// REQUIRES: at least one.
void write_results_report(const std::filesystem::path& file,
                          std::span<const reconstruction::Results> results,
                          const ReportOptions& options = {});

}  // namespace fmri2img::report
