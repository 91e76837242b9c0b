#include "fmri2img/decoding/ridge/encoding_scores.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace fmri2img::decoding {
namespace {

constexpr int64_t kVertexBlock = 4096;
constexpr int64_t kMostPictureComponents = 50;
constexpr double kRelativePenalties[] = {0.01, 0.03, 0.1, 0.3, 1, 3};  // times the mean eigenvalue

/// Leave-one-out R2 of each column of `responses`, for predictions T M with M = (T'T + a)^-1 T'.
at::Tensor leave_one_out_r2(const at::Tensor& responses, const at::Tensor& design, const at::Tensor& solver) {
  const auto n = static_cast<double>(responses.size(0));
  const at::Tensor leverage = (design * solver.t()).sum(1).add_(1 / n);  // [n]
  const at::Tensor inverse = (1 - leverage).clamp_min(1e-6).reciprocal_().unsqueeze(1);
  at::Tensor result = at::empty({responses.size(1)}, at::kFloat);
  for (int64_t first = 0; first < responses.size(1); first += kVertexBlock) {
    const int64_t count = std::min(kVertexBlock, responses.size(1) - first);
    const at::Tensor block = responses.narrow(1, first, count);
    const at::Tensor centred = block - block.mean(0);
    const at::Tensor residual = (centred - at::mm(design, at::mm(solver, centred))).mul_(inverse);
    const at::Tensor total = centred.square().sum(0).mul_((n / (n - 1)) * (n / (n - 1)));  // leave-one-out mean
    at::Tensor r2 = 1 - residual.square_().sum(0) / total;
    r2.masked_fill_(at::isfinite(r2).logical_not(), -std::numeric_limits<float>::max());
    result.narrow(0, first, count).copy_(r2);
  }
  return result;
}

}  // namespace

at::Tensor encoding_scores(const at::Tensor& responses, const at::Tensor& scores) {
  const int64_t n = scores.size(0);
  const int64_t count = std::clamp<int64_t>(std::min(n / 4, kMostPictureComponents), 1, scores.size(1));
  const at::Tensor design = scores.narrow(1, 0, count).contiguous();
  const at::Tensor gram = at::mm(design.t(), design);
  const at::Tensor identity = at::eye(count, gram.options());
  at::Tensor best;
  double best_mean = -1;
  for (const double relative : kRelativePenalties) {
    const at::Tensor penalised = gram + identity * (gram.trace() * (relative / static_cast<double>(count)));
    const at::Tensor r2 = leave_one_out_r2(responses, design, at::linalg_solve(penalised, design.t()));
    const double mean = r2.clamp_min(0).mean().item<double>();
    if (mean > best_mean) {
      best_mean = mean;
      best = r2;
    }
  }
  return best;
}

}  // namespace fmri2img::decoding
