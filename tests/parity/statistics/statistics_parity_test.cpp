#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/identification.h"
#include "fmri2img/statistics/retrieval.h"
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
    EXPECT_EQ(both_ssims(a, b).ssim, ssim(a, b)) << a.sizes();
    EXPECT_EQ(both_ssims(a, b).columns, ssim_columns(a, b)) << a.sizes();
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

/// [N, N] cosines of each reconstruction with each target.
at::Tensor cosines(const Json& features) {
  const auto unit = [](const at::Tensor& rows) { return rows / rows.norm(2, {1}, /*keepdim=*/true); };
  return at::mm(unit(matrix(features["reconstructions"])), unit(matrix(features["targets"])).t());
}

void expect_golden(const Retrieval& found, const Json& expected, const std::string& what) {
  EXPECT_EQ(found.top1, expected["top1"].get<std::vector<double>>()) << what;
  const auto hits = expected["hits"].get<std::vector<double>>(), drawn = expected["drawn"].get<std::vector<double>>();
  ASSERT_EQ(found.rate.size(), hits.size()) << what;
  for (size_t i = 0; i < hits.size(); ++i) {
    if (drawn[i] == 0) {
      EXPECT_TRUE(std::isnan(found.rate[i])) << what << ", query " << i;
    } else {
      EXPECT_EQ(found.rate[i], hits[i] / drawn[i]) << what << ", query " << i;
    }
  }
  const Interval interval = draws_interval(found.top1);
  EXPECT_NEAR(interval.mean, expected["interval"][0].get<double>(), kTolerance) << what;
  EXPECT_NEAR(interval.low, expected["interval"][1].get<double>(), kTolerance) << what;
  EXPECT_NEAR(interval.high, expected["interval"][2].get<double>(), kTolerance) << what;
}

TEST(Retrieve, ReproducesReferenceValuesInBothDirections) {
  for (const Json& row : read_json(testing::test_data("statistics/retrieval.json"))["retrieval"]) {
    const at::Tensor similarities = cosines(row);
    const at::Tensor scaled = matrix(row["csls"]);  // of the first queries
    EXPECT_LT((csls(similarities).narrow(0, 0, scaled.size(0)) - scaled).abs().max().item<double>(), kTolerance);
    RetrievalOptions options{
        .pool = row["pool"].get<int64_t>(), .draws = row["draws"].get<int64_t>(), .seed = row["seed"].get<uint64_t>()};
    for (const char* rule : {"cosine", "csls"}) {
      options.csls = rule == std::string("csls");
      expect_golden(retrieve(similarities, options), row["target"][rule], std::string("target by ") + rule);
      expect_golden(
          retrieve(similarities.t(), options), row["reconstruction"][rule], std::string("reconstruction by ") + rule);
    }
  }
}

TEST(NWayIdentification, ReproducesReferenceValues) {
  const Json expected = read_json(testing::test_data("statistics/retrieval.json"))["n_way"];
  const at::Tensor targets = matrix(expected["targets"]), reconstructions = matrix(expected["reconstructions"]);
  const at::Tensor r = correlation_matrix(targets, reconstructions);
  EXPECT_EQ(two_way_identification(r), expected["two_way"].get<std::vector<double>>());
  for (const auto& [n, shares] : expected["n_way"].items()) {
    const NWayIdentification found = n_way_identification(r, std::stoll(n), expected["seed"].get<uint64_t>());
    EXPECT_EQ(found.share, shares.get<std::vector<double>>()) << "among " << n;
    for (size_t j = 0; j < found.share.size(); ++j) {
      EXPECT_EQ(found.top1[j], shares[j].get<double>() == 1 ? 1 : 0) << "among " << n << ", reconstruction " << j;
    }
  }
}

}  // namespace
}  // namespace fmri2img::statistics
