#include <ATen/ATen.h>

#include <cstdio>

#include "fmri2img/core/text.h"
#include "fmri2img/statistics/correlation.h"

int main() {
  const at::Tensor x = at::arange(4, at::kFloat).view({1, 4});
  const double correlation = fmri2img::statistics::pearson_rows(x, 2 * x + 1).item<double>();
  std::printf("3 minutes are %s, r is %.1f\n", fmri2img::format_duration(180).c_str(), correlation);
}
