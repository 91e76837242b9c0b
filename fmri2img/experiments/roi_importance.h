#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/experiments/decoder_rows.h"
#include "fmri2img/experiments/roi_parts.h"
#include "fmri2img/experiments/row_values.h"
#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

/// How a region is taken from a decoder.
enum class Ablation {
  kPermute,  ///< its responses come from another row: same distribution, wrong picture
  kMean,     ///< every vertex is at its mean over the training rows: left out
};

struct ImportanceOptions {
  Ablation how = Ablation::kPermute;
  int64_t repeats = 5;  ///< permutations that are averaged; kMean needs one
  uint64_t seed = 42;   ///< of the permutations: the same ones for every region, so that regions compare
};

/// What is taken away from, and measured on.
struct ImportanceJob {
  decoding::LatentDecoder& decoder;
  DecoderRows rows;
  at::Tensor training_mean;          ///< [K] float32: of each vertex over the rows that the decoder was fitted to
  std::vector<int64_t> row_numbers;  ///< of `rows`, for the tables
  std::vector<RoiPart> parts;
  ImportanceOptions options;
};

/// One region's importance: by how much each row's error (mean absolute, of the latents) grows without it.
struct PartImportance {
  RoiPart part;
  RowValues change;
};

struct RoiImportance {
  RowValues baseline;  ///< the errors with every region in place
  std::vector<PartImportance> parts;
};

/// [n, K] responses with the columns `positions` replaced. Shape: `order` [n] int64, the rows that they come from.
at::Tensor permute_columns(const at::Tensor& responses, const std::vector<int64_t>& positions, const at::Tensor& order);

/// The same with `values` [K] in every row.
at::Tensor replace_columns(const at::Tensor& responses,
                           const std::vector<int64_t>& positions,
                           const at::Tensor& values);

/// Measures every part. Each is a file below `rows/` in the folder, on disk before the next begins; one that is there
/// is not measured again. Vertices that several regions share are taken away with each of them.
///
/// REQUIRES: two rows at least where rows are permuted (Error).
/// Randomness: PyTorch's CPU generator, one permutation a repeat from (seed, repeat).
RoiImportance roi_importance(const ImportanceJob& job, const std::filesystem::path& folder);

/// What the report says about the run.
struct ImportanceSetting {
  std::string decoder;
  std::string rows;  ///< what the rows were to the decoder: "validation rows"
  ImportanceOptions options;
  std::vector<std::string> absent;  ///< regions without a vertex among those that the decoder reads
};

/// One line a region and hemisphere: roi, hemisphere, vertices, change, low, high, relative_change.
std::string importance_csv(const RoiImportance& importance, uint64_t seed);

findings::Finding importance_finding(const RoiImportance& importance, const ImportanceSetting& setting);

}  // namespace fmri2img::experiments
