#pragma once

#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/evaluation/evaluate.h"

namespace fmri2img::evaluation {

/// The figures for a program. The keys are a stable contract: `images`, then one object {"mean", "low", "high"} a
/// score; null where a score is not defined for any image. Described in doc/formats/results.md.
Json to_json(const Evaluation& evaluation);

/// One line an image. Columns of scores that are not computed are empty.
std::string to_csv(const Evaluation& evaluation);

/// The table as CSV: one line for each line of the table and score, with its interval, the number of images and the
/// hashes of its weights, or the reason why it is not computed.
std::string to_table_csv(const Evaluation& evaluation);

/// The figures for people: preset, number of images and weights, a column for the model and one for each baseline,
/// then everything else, what is not computed and why, and the notes.
std::string to_table(const Evaluation& evaluation);

/// Writes evaluation.json, evaluation.csv and evaluation_table.csv into `folder`; those of a preset other than `native`
/// carry its name (`Protocol::file_suffix`).
void write_evaluation(const std::filesystem::path& folder, const Evaluation& evaluation);

}  // namespace fmri2img::evaluation
