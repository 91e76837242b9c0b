#pragma once

#include <filesystem>
#include <memory>

#include "fmri2img/training/adamw.h"
#include "fmri2img/training/checkpoint.h"
#include "fmri2img/training/event_log.h"
#include "fmri2img/training/moving_average.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/lessons/recipe.h"

namespace fmri2img::training {

/// Trains the model of a lesson by a recipe: AdamW, clipped gradients, a moving average of the parameters.
///
/// Keeps `last.safetensors` (doc/formats/checkpoint.md) and the curves in `folder`, about once a minute and after
/// Ctrl-C. Determinism: equal recipes and lessons give equal weights, however often the run was cut, on any number of
/// cores of one kind of processor.
class LessonTrainer {
 public:
  /// Goes on from the folder's checkpoint where there is one. REQUIRES: the replicas have equal parameters.
  LessonTrainer(Lesson& lesson, const Recipe& recipe, std::filesystem::path folder);

  /// Trains to the end, leaves the averaged parameters in the model, and returns what `Lesson::validate` says of them.
  /// Throws Error (interrupted) after Ctrl-C, when the state is on disk, and Error if the loss is not a number.
  Json run();

  /// One step; returns its loss.
  double step();

  /// Writes the checkpoint.
  void save();

  const TrainingState& state() const { return state_; }

 private:
  void record();

  Lesson& lesson_;
  Recipe recipe_;
  std::filesystem::path folder_;
  AdamW optimiser_;
  MovingAverage average_;
  TrainingState state_;
  std::unique_ptr<EventLog> log_;
};

}  // namespace fmri2img::training
