#include "fmri2img/training/zoo/embedding_figures.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "fmri2img/statistics/identification.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kGroup = 100;  // captions to choose among

at::Tensor cosines(const at::Tensor& rows, const at::Tensor& columns) {
  const auto unit = [](const at::Tensor& vectors) { return vectors / vectors.norm(2, {-1}, /*keepdim=*/true); };
  return unit(rows).matmul(unit(columns).t());
}

}  // namespace

double caption_top1(const at::Tensor& pictures, const at::Tensor& captions) {
  const int64_t group = std::min(kGroup, pictures.size(0));
  const int64_t groups = pictures.size(0) / group;
  int64_t right = 0;
  for (int64_t g = 0; g < groups; ++g) {
    const at::Tensor nearness = cosines(pictures.narrow(0, g * group, group), captions.narrow(0, g * group, group));
    right += (nearness.argmax(1) == at::arange(group)).sum().item<int64_t>();
  }
  return static_cast<double>(right) / static_cast<double>(groups * group);
}

double two_way(const at::Tensor& pictures, const at::Tensor& targets) {
  const std::vector<double> each = statistics::two_way_identification(cosines(targets, pictures));
  return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

}  // namespace fmri2img::training
