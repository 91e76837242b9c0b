#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/experiments/row_values.h"
#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

// What rows were to a decoder; every table says it.
inline constexpr const char* kTrainingPart = "training rows";
inline constexpr const char* kValidationPart = "validation rows";
inline constexpr const char* kHeldOutPart = "held-out rows";

/// Rows of a decoder's own split, in the order in which its training drew them.
struct DecoderPart {
  std::string name;  ///< one of the three above
  std::vector<int64_t> rows;
};

/// The training rows of a decoder, and its validation rows, or, where it has none (ridge), those that --hold-out took
/// out of its training; neither: the training rows alone. At most the first `count` of each.
std::vector<DecoderPart> parts_of(const decoding::DecoderRecord& record, std::optional<int64_t> count);

/// What was measured of one decoder on one part.
struct PartValues {
  std::string decoder;
  std::string part;
  RowValues measured;  ///< one value a row
};

/// Bars of the mean of each decoder on each part, with its 95 % bootstrap interval over rows.
std::vector<findings::ChartSeries> part_bars(const std::vector<PartValues>& parts, uint64_t seed);

}  // namespace fmri2img::experiments
