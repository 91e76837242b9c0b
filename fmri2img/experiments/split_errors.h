#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/experiments/row_values.h"
#include "fmri2img/findings/finding.h"
#include "fmri2img/reconstruction/ensemble/members.h"

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

/// One decoder's errors on one part.
struct PartErrors {
  std::string decoder;
  std::string part;
  RowValues errors;  ///< mean absolute error of each row's latents
};

/// What experiment 2 works on.
struct SplitErrorJob {
  const data::Subject& subject;
  std::vector<reconstruction::Member> members;
  std::optional<int64_t> count;  ///< rows of each part; none: all
};

/// Experiment 2: the error of every decoder on the parts of its own split. Each decoder and part is a file below
/// `rows/` in the folder, on disk before the next begins; one that is there is not made again.
std::vector<PartErrors> split_errors(const SplitErrorJob& job, const std::filesystem::path& folder);

/// One line a decoder and part: decoder, part, rows, mean of batch means, mean, low, high.
std::string split_errors_csv(const std::vector<PartErrors>& parts, int64_t batch, uint64_t seed);

findings::Finding split_errors_finding(const std::vector<PartErrors>& parts, int64_t batch, uint64_t seed);

}  // namespace fmri2img::experiments
