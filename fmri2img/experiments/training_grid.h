#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/experiments/learning_curves.h"
#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

/// Experiment 1: one decoder for each ROI expression and batch size, everything else equal.
/// Source: the original's ROI sets 1 to 3 and none x batches 16, 32 and 64, 50 epochs, seed 42, 5,000 pictures.
struct GridCell {
  std::string roi;
  int64_t batch = 0;

  /// Fit for a folder: "set1-batch-16"; whatever is no letter, digit or dot in the expression becomes a hyphen.
  std::string name() const;
};

/// ROI by ROI, batches in the order given: task i of a job array is cell i.
/// Throws Error (wrong usage) for a list that is empty or in which two cells would have one name.
std::vector<GridCell> make_grid(const std::vector<std::string>& rois, const std::vector<int64_t>& batches);

/// A finished cell.
struct GridResult {
  GridCell cell;
  int64_t vertices = 0;
  LearningCurves curves;
};

/// One line a cell and epoch: roi, batch, epoch, training_loss, validation_loss.
std::string grid_csv(const std::vector<GridResult>& results);

/// `pictures`: how many the pool had, training and validation rows together.
findings::Finding grid_finding(const std::vector<GridResult>& results, int64_t pictures, uint64_t seed);

}  // namespace fmri2img::experiments
