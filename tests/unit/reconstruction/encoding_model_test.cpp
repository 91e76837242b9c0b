#include "fmri2img/reconstruction/voting/encoding_model.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/random.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::reconstruction {
namespace {

/// 60 pictures with embeddings of 8 numbers; vertices 0 .. 29 are mixtures of them, 30 .. 49 noise, all with some
/// noise.
struct MadeUpEncoding {
  explicit MadeUpEncoding(double noise = 0.1) {
    at::Generator generator = make_generator(3);
    embeddings = at::randn({60, 8}, generator);
    const at::Tensor unit = embeddings / embeddings.norm(2, {1}, true);
    const at::Tensor mixture = at::randn({8, 50}, generator);
    mixture.narrow(1, 30, 20).zero_();
    responses = at::mm(unit, mixture) + noise * at::randn({60, 50}, generator);
    responses.narrow(1, 0, 10).mul_(1000);  // a vertex does not count for its scale
    for (int64_t i = 0; i < 50; ++i) columns.push_back(100 + i);
  }
  EncodingModel fit() const {
    return EncodingModel::fit(embeddings.narrow(0, 0, 50), responses.narrow(0, 0, 50), columns);
  }
  at::Tensor response(const EncodingModel& model, int64_t row) const {
    return responses[row].index_select(0, at::tensor(model.columns(), at::kLong) - 100);
  }
  at::Tensor embeddings, responses;
  std::vector<int64_t> columns;
};

TEST(EncodingModel, FindsThePictureThatEvokedAResponse) {
  const MadeUpEncoding made;
  const EncodingModel model = made.fit();
  for (int64_t row = 50; row < 60; ++row) {
    const std::vector<double> correlations =
        model.correlations(made.embeddings.narrow(0, 50, 10), made.response(model, row));
    const auto best = std::max_element(correlations.begin(), correlations.end()) - correlations.begin();
    EXPECT_EQ(best, row - 50);
    EXPECT_GT(correlations[static_cast<size_t>(best)], 0.9);
  }
}

TEST(EncodingModel, LeavesOutVerticesThatKnowNothing) {
  const EncodingModel model = MadeUpEncoding().fit();
  int64_t informative = 0;
  for (const int64_t column : model.columns()) informative += column < 130 ? 1 : 0;
  EXPECT_EQ(informative, 30);
  EXPECT_LT(model.columns().size(), 45U);
}

TEST(EncodingModel, OfNoiseKeepsAllVerticesAndSaysSo) {
  testing::CapturedLog log;
  MadeUpEncoding made;
  made.responses = at::zeros({60, 50});
  made.responses.select(1, 0).copy_(at::arange(60).fmod(2));
  made.embeddings = at::ones({60, 8});
  made.embeddings.select(1, 0).copy_(at::arange(60).div(2, "floor").fmod(2));
  EXPECT_EQ(made.fit().columns().size(), 50U);
  EXPECT_TRUE(log.says("no vertex is predicted"));
}

TEST(EncodingModel, ReadsBackWithEqualPredictions) {
  const testing::TemporaryFolder folder;
  const MadeUpEncoding made;
  const EncodingModel model = made.fit();
  model.write(folder.path());
  const EncodingModel read = EncodingModel::read(folder.path());
  EXPECT_EQ(read.columns(), model.columns());
  EXPECT_EQ(read.correlations(made.embeddings, made.response(model, 55)),
            model.correlations(made.embeddings, made.response(model, 55)));
}

TEST(EncodingModel, RefusesResponsesThatAreNotFinite) {
  MadeUpEncoding made;
  made.responses[3][7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_ERROR(made.fit(), "vertex 7", "doctor");
}

}  // namespace
}  // namespace fmri2img::reconstruction
