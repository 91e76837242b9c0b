#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fmri2img::experiments {

/// A training's losses, one value an epoch.
struct LearningCurves {
  std::vector<double> training;    ///< mean over the epoch's batches, dropout on
  std::vector<double> validation;  ///< as the trainer validates: mean over batches, dropout off
};

/// From the `log.csv` of a decoder's folder (doc/formats/event_log.md). The table must be of a training that had
/// validation rows: their values mark the ends of epochs. Throws Error naming the file if there are none.
LearningCurves read_learning_curves(const std::filesystem::path& log);

}  // namespace fmri2img::experiments
