#pragma once

#include <filesystem>
#include <span>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

inline constexpr const char* kReportFile = "report.html";

/// Writes one page that needs no other file: what was run, the figures of `evaluate` where it has run, the votes, and
/// every trial with its target, low-level pictures, high-level images, captions and what was voted for.
///
/// The first results are what the page is about; the others are runs on the same trials, whose pictures stand beside.
/// Throws Error (mismatch) if the others are of another subject or of other trials.
/// REQUIRES: at least one.
void write_results_report(const std::filesystem::path& file, std::span<const reconstruction::Results> results);

}  // namespace fmri2img::report
