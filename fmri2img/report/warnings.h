#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// The subject's folder that a run's manifest names among its inputs; nothing if none of them is a subject that is
/// still there.
std::optional<std::filesystem::path> subject_folder(const reconstruction::Results& results);

/// What a reader must know before believing the figures, a sentence each: pictures that were trained on, and the notes
/// of `evaluate`. Not repeated where several runs say the same.
std::vector<std::string> result_warnings(std::span<const reconstruction::Results> results);

/// Findings, by their files, of which the manifest beside them names no data that the run's manifest names too: they
/// are about another subject. Findings without a manifest are passed over.
std::vector<std::string> finding_warnings(const reconstruction::Results& run,
                                          std::span<const std::filesystem::path> findings);

/// Errors and warnings that `doctor` finds in a subject's folder as it is now.
std::vector<std::string> subject_warnings(const std::filesystem::path& subject);

/// A box with the sentences; empty without any.
std::string warning_box(const std::vector<std::string>& warnings);

}  // namespace fmri2img::report
