#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "fmri2img/findings/finding.h"

namespace fmri2img::report {

/// The most points of a curve: longer ones are averaged over equal stretches, as many pixels would show them.
inline constexpr int64_t kMostCurvePoints = 600;

/// The loss of a decoder's training, from the log.csv beside it (doc/formats/event_log.md): by step, on the rows
/// trained on and on the validation rows. Nothing where there is no log: a ridge has none. Throws Error naming file and
/// line if the log is not one.
std::optional<findings::Chart> training_curves(const std::filesystem::path& decoder, const std::string& name);

}  // namespace fmri2img::report
