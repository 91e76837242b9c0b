#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/experiments/decoder_parts.h"
#include "fmri2img/findings/finding.h"
#include "fmri2img/reconstruction/ensemble/members.h"

namespace fmri2img::experiments {

/// What experiment 2 works on.
struct SplitErrorJob {
  const data::Subject& subject;
  std::vector<reconstruction::Member> members;
  std::optional<int64_t> count;  ///< rows of each part; none: all
};

/// Experiment 2: the mean absolute error of each row's latents, of every decoder on the parts of its own split. Each
/// decoder and part is a file below `rows/` in the folder, on disk before the next begins; one that is there is not
/// made again.
std::vector<PartValues> split_errors(const SplitErrorJob& job, const std::filesystem::path& folder);

/// One line a decoder and part: decoder, part, rows, mean of batch means, mean, low, high.
std::string split_errors_csv(const std::vector<PartValues>& parts, int64_t batch, uint64_t seed);

findings::Finding split_errors_finding(const std::vector<PartValues>& parts, int64_t batch, uint64_t seed);

}  // namespace fmri2img::experiments
