#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/json.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/identification.h"
#include "fmri2img/statistics/squared_error.h"
#include "fmri2img/statistics/ssim.h"
#include "tests/support/reference_data.h"

namespace fmri2img::statistics {
namespace {

// Golden: NumPy 2.4.6 and scikit-image 0.26.0, tools/parity/statistics.py. Both compute in double precision.
constexpr double kTolerance = 1e-9;
// Our all-pairs product runs in single precision when its input does.
constexpr double kSingleTolerance = 1e-6;

Json golden() {
  return read_json(testing::test_data("statistics/golden.json"));
}

at::Tensor matrix(const Json& rows) {
  std::vector<double> values;
  for (const Json& row : rows) {
    for (const Json& value : row) values.push_back(value.get<double>());
  }
  return torch::tensor(values, at::kDouble).view({static_cast<int64_t>(rows.size()), -1});
}

TEST(PictureStatistics, ReproduceReferenceValues) {
  for (const Json& row : golden()["pictures"]) {
    const at::Tensor a = matrix(row["a"]) / 255;
    const at::Tensor b = matrix(row["b"]) / 255;
    EXPECT_NEAR(ssim(a, b), row["ssim"].get<double>(), kTolerance) << a.sizes();
    EXPECT_NEAR(ssim_columns(a, b), row["ssim_columns"].get<double>(), kTolerance) << a.sizes();
    const at::Tensor flat_a = a.view({1, -1});
    const at::Tensor flat_b = b.view({1, -1});
    EXPECT_NEAR(pearson_rows(flat_a, flat_b).item<double>(), row["pearson"].get<double>(), kTolerance);
    EXPECT_NEAR(mean_squared_error_rows(flat_a, flat_b).item<double>(), row["mse"].get<double>(), kTolerance);
  }
}

TEST(CorrelationMatrix, ReproducesReferenceValues) {
  const Json expected = golden()["identification"];
  const at::Tensor targets = matrix(expected["targets"]);
  const at::Tensor reconstructions = matrix(expected["reconstructions"]);
  const at::Tensor r = matrix(expected["r"]);
  EXPECT_LT((correlation_matrix(targets, reconstructions) - r).abs().max().item<double>(), kTolerance);
  const at::Tensor single = correlation_matrix(targets.to(at::kFloat), reconstructions.to(at::kFloat));
  EXPECT_LT((single - r).abs().max().item<double>(), kSingleTolerance);
}

TEST(TwoWayIdentification, ReproducesReferenceValues) {
  const Json expected = golden()["identification"];
  const at::Tensor r = correlation_matrix(matrix(expected["targets"]), matrix(expected["reconstructions"]));
  const std::vector<double> shares = two_way_identification(r);
  const auto reference = expected["two_way"].get<std::vector<double>>();
  ASSERT_EQ(shares.size(), reference.size());
  for (size_t j = 0; j < shares.size(); ++j) EXPECT_NEAR(shares[j], reference[j], kTolerance) << "reconstruction " << j;
}

}  // namespace
}  // namespace fmri2img::statistics
