#pragma once

#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/evaluation/evaluate.h"

namespace fmri2img::evaluation {

/// The figures for a program. The keys are a stable contract: `images`, then one object {"mean", "low", "high"} a
/// score; null where a score is not defined for any image. Described in doc/formats/results.md.
Json to_json(const Evaluation& evaluation);

/// One line an image.
std::string to_csv(const Evaluation& evaluation);

/// The figures for people: a table with a line for the model and one for each baseline, then the notes.
std::string to_table(const Evaluation& evaluation);

/// Writes evaluation.json and evaluation.csv into `folder`; those of a preset other than `native` carry its name.
void write_evaluation(const std::filesystem::path& folder, const Evaluation& evaluation);

}  // namespace fmri2img::evaluation
