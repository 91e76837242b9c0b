#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/decoding/decoder_folder.h"

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::decoding {

/// Every `auto` is chosen by cross-validation inside the rows that are fitted, and by nothing else.
struct RidgeTrainingOptions {
  /// Penalty on z-scored responses: one positive number for every target, or chosen per target by `gcv` (generalised
  /// cross-validation) or `folds`; `auto`: folds up to 2,000 rows, else gcv.
  std::string alpha = "auto";
  std::string components =
      "auto";  ///< principal components of the latents that are predicted: `auto`, `off`, or a number
  std::string vertices = "auto";  ///< vertices by encoding score: `auto`, `all`, or a number
  int folds = 10;                 ///< of every cross-validation; at most the number of rows
  bool rescale = false;           ///< restore the variance that shrinkage takes, by cross-validated factors
  uint64_t seed = 42;             ///< of the folds
};

/// What is fitted. Taken by value: the responses are z-scored in place, so that they are in memory once.
struct RidgeTrainingData {
  at::Tensor responses;  ///< [n, K] float32, contiguous, raw
  at::Tensor latents;    ///< [n, C, h, w] float32, at the scale of the codec
};

/// What was chosen and how it scored within the training rows, for the log and for training.json.
struct RidgeSummary {
  int64_t rows = 0;
  int64_t vertices = 0;    ///< kept of the K
  int64_t components = 0;  ///< 0: the latents themselves are predicted
  double median_alpha = 0;
  double correlation = 0;  ///< mean over rows of the correlation between predicted and true latents, cross-validated
  double error = 0;        ///< mean squared error of the latents, cross-validated
  Json details;            ///< every candidate with its cross-validated scores
};

/// Fits a ridge decoder on all rows of `data` and writes it into the existing folder `out`. `record` describes the data
/// (kind, train_rows and training are filled in here where they follow from the fit).
///
/// Throws Error (wrong usage) for an option that is out of range, Error (bad input) for responses that are not finite,
/// and Error (failed) where the memory does not suffice, before anything is computed.
RidgeSummary train_ridge(const RidgeTrainingData& data,
                         const RidgeTrainingOptions& options,
                         DecoderRecord record,
                         const std::filesystem::path& out);

/// Throws Error (failed) where fitting n rows of k vertices to `values` numbers a row would not find the memory, all
/// inputs included: call it before responses and latents are loaded.
void require_room_for_ridge(int64_t n, int64_t k, int64_t values);

/// The same on the rows and vertices of `record`, whose responses are gathered here. `latents` are those of its
/// training rows. Throws Error (failed) where the memory does not suffice, before anything is gathered.
RidgeSummary train_ridge(const data::Subject& subject,
                         at::Tensor latents,
                         const RidgeTrainingOptions& options,
                         DecoderRecord record,
                         const std::filesystem::path& out);

}  // namespace fmri2img::decoding
