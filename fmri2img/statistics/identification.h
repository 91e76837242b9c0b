#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::statistics {

/// [N] bool: targets whose correlation is undefined with every reconstruction that has any: constant ones. None where
/// no reconstruction has any. Shape: correlations [N, N], as below.
at::Tensor undefined_targets(const at::Tensor& correlations);

/// For each reconstruction j the share of the other targets i that correlate less with it than its own target does:
/// count of r[i, j] < r[j, j], divided by N - 1. The mean is two-way identification over all pairs; chance is 1/2.
///
/// Ties count as failures, and so does a constant reconstruction. Undefined targets are nobody's distractors: N counts
/// the others alone, and the share of an image with such a target, or without distractors, is NaN.
/// Shape: correlations [N, N], r[i, j] = Pearson(target i, reconstruction j). REQUIRES: N >= 2.
/// Source: the two-way identification of MedARC-AI/MindEyeV2, src/final_evaluations.ipynb.
std::vector<double> two_way_identification(const at::Tensor& correlations);

struct NWayIdentification {
  std::vector<double> share;  ///< [N] share of the n - 1 drawn other targets that correlate less
  std::vector<double> top1;   ///< [N] 1 where that share is 1, else 0; NaN where it is
};

/// As `two_way_identification`, against n - 1 other targets drawn without replacement for each reconstruction; all of
/// them where n = N, or where fewer are defined. The mean of `top1` is the usual "identification among n"; chance is
/// 1/n.
///
/// REQUIRES: 2 <= n <= N.
/// Randomness: PyTorch's CPU generator from `seed`, one permutation a reconstruction, none where n = N.
NWayIdentification n_way_identification(const at::Tensor& correlations, int64_t n, uint64_t seed);

}  // namespace fmri2img::statistics
