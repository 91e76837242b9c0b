#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::statistics {

struct RetrievalOptions {
  int64_t pool = 300;  ///< items of one draw; all of them where there are fewer
  int64_t draws = 30;
  uint64_t seed = 42;
  bool csls = false;  ///< rank by `csls` instead of by the similarity itself
};

struct Retrieval {
  std::vector<double> rate;   ///< [N] share of the draws with this query in which it found its own; NaN if in none
  std::vector<double> value;  ///< [N] hits of each query, scaled so that their mean is the mean top-1 over draws
  std::vector<double> top1;   ///< [draws] share of the pool's queries that found their own
};

/// The mean of the draws' top-1 and its 95 % interval by the normal approximation, mean -+ 1.96 sd / sqrt(draws), as
/// the field publishes it. It says how far the mean depends on which pools were drawn, not on which images there are:
/// 30 draws of all images give an interval of no width. The sample deviation divides by draws - 1.
Interval draws_interval(const std::vector<double>& top1);

/// Top-1 retrieval: in each draw the queries of the pool look for their own candidate among the pool's. A tie is a
/// failure. Chance is 1 / pool.
///
/// Shape: similarities [N, N], query i and candidate j; its own is i. REQUIRES: N >= 2.
/// Randomness: PyTorch's CPU generator from `seed`, the first `pool` of one permutation a draw.
/// Source: the retrieval of MedARC-AI/MindEyeV2, src/final_evaluations.ipynb.
Retrieval retrieve(const at::Tensor& similarities, const RetrievalOptions& options);

/// Cross-domain similarity local scaling: twice the cosine, less the mean cosine of query and of candidate to their k
/// nearest on the other side (k = 10, or as many as there are).
///
/// Shape: cosines [N, M] -> [N, M]. Source: Conneau et al., "Word translation without parallel data" (2018),
/// equation 3.
at::Tensor csls(const at::Tensor& cosines, int64_t k = 10);

}  // namespace fmri2img::statistics
