#include "fmri2img/experiments/noise_ceiling.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/npy.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::experiments {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

at::Tensor doubles(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble);
}

TEST(NoiseCeiling, IsTheChallengesFormula) {
  // ncsnr 1 and three trials each: 1 / (1 + 1/3) = 3/4. T of pictures shown 1, 2, 3 times: (1 + 1/2 + 1/3) / 3 = 11/18.
  const at::Tensor ceilings = noise_ceiling(doubles({1, 1, 0, 2}), doubles({1.0 / 3, 11.0 / 18, 1, 1.0 / 3}));
  EXPECT_NEAR(ceilings[0].item<double>(), 0.75, 1e-12);
  EXPECT_NEAR(ceilings[1].item<double>(), 18.0 / 29, 1e-12);
  EXPECT_EQ(ceilings[2].item<double>(), 0);
  EXPECT_NEAR(ceilings[3].item<double>(), 4 / (4 + 1.0 / 3), 1e-12);
}

TEST(RepeatStatistics, FindKnownVariances) {
  // Signal of variance 1, noise of variance 4, so ncsnr 1/2 and, with three trials, a ceiling of .25 / (.25 + 1/3) =
  // 3/7.
  at::Generator generator = make_generator(5);
  const at::Tensor signal = at::randn({20000, 1, 2}, generator, at::kDouble);
  const at::Tensor noise = at::randn({20000, 3, 2}, generator, at::kDouble) * 2;
  const RepeatStatistics found = repeat_statistics(signal + noise + 10);
  for (int64_t vertex = 0; vertex < 2; ++vertex) {
    EXPECT_NEAR(found.ncsnr[vertex].item<double>(), 0.5, 0.02);
    EXPECT_NEAR(found.inverse_trials[vertex].item<double>(), 1.0 / 3, 1e-12);
    EXPECT_NEAR(noise_ceiling(found.ncsnr, found.inverse_trials)[vertex].item<double>(), 3.0 / 7, 0.02);
  }
}

TEST(RepeatStatistics, CountTrialsThatAreThere) {
  // Two pictures of one vertex: trials 1, 3 and 5 (alone). Noise variance 2, from the first picture; all trials: 4.
  const RepeatStatistics found = repeat_statistics(doubles({1, 3, 5, kNaN}).view({2, 2, 1}));
  EXPECT_NEAR(found.inverse_trials.item<double>(), (0.5 + 1) / 2, 1e-12);
  EXPECT_NEAR(found.ncsnr.item<double>(), 1, 1e-12) << "signal variance 4 - 2, noise variance 2";
}

TEST(RepeatStatistics, KnowTheExtremes) {
  const RepeatStatistics pure = repeat_statistics(doubles({1, 1, 2, 2}).view({2, 2, 1}));
  EXPECT_EQ(noise_ceiling(pure.ncsnr, pure.inverse_trials).item<double>(), 1) << "no noise at all";
  const RepeatStatistics constant = repeat_statistics(doubles({1, 1, 1, 1}).view({2, 2, 1}));
  EXPECT_EQ(noise_ceiling(constant.ncsnr, constant.inverse_trials).item<double>(), 0) << "no signal either";
  const RepeatStatistics noise = repeat_statistics(doubles({-1, 1, 1, -1}).view({2, 2, 1}));
  EXPECT_EQ(noise.ncsnr.item<double>(), 0);
}

TEST(RepeatStatistics, RefuseWhatShowsNoNoise) {
  EXPECT_ERROR(repeat_statistics(at::zeros({4, 1, 2})), "1 trial a picture");
  EXPECT_ERROR(repeat_statistics(at::zeros({4, 2})), "4 x 2", "pictures x repeats x vertices");
  EXPECT_ERROR(repeat_statistics(doubles({1, kNaN, 2, kNaN}).view({2, 2, 1})), "no picture that was shown twice");
  EXPECT_ERROR(repeat_statistics(doubles({1, 1 / 0.0}).view({1, 2, 1})), "infinite");
}

TEST(NormalisedScores, AreTheChallenges) {
  const at::Tensor scores = normalised_scores(doubles({0.5, -0.5, 0.9, 0.5, kNaN}), doubles({0.5, 0.5, 0.4, 0, 0.5}));
  EXPECT_NEAR(scores[0].item<double>(), 50, 1e-9);
  EXPECT_EQ(scores[1].item<double>(), 0) << "a negative correlation";
  EXPECT_EQ(scores[2].item<double>(), 100) << "above the ceiling";
  EXPECT_EQ(scores[3].item<double>(), 100) << "no ceiling counts as 1e-14";
  EXPECT_EQ(scores[4].item<double>(), 0) << "a constant prediction";
}

TEST(ReadCeilings, ChecksHemispheresAndRange) {
  const testing::TemporaryFolder folder;
  testing::make_subject(folder / "subj");
  const data::Subject subject = data::Subject::open(folder / "subj");
  EXPECT_ERROR(read_ceilings(folder.path(), subject), "lh_noise_ceiling.npy", "is missing", "--ceilings", "--repeats");
  io::write_npy(folder / "lh_noise_ceiling.npy", at::full({testing::kLeftVertices}, 0.25));
  io::write_npy(folder / "rh_noise_ceiling.npy", at::full({testing::kRightVertices + 1}, 0.5));
  EXPECT_ERROR(read_ceilings(folder.path(), subject), "rh_noise_ceiling.npy", "there are 8 vertices");
  io::write_npy(folder / "rh_noise_ceiling.npy", at::full({testing::kRightVertices}, 50.0));
  EXPECT_ERROR(read_ceilings(folder.path(), subject), "rh_noise_ceiling.npy", "outside 0 .. 1");
  io::write_npy(folder / "rh_noise_ceiling.npy", at::full({testing::kRightVertices}, 0.5));
  const at::Tensor ceilings = read_ceilings(folder.path(), subject);
  EXPECT_EQ(ceilings.size(0), testing::kLeftVertices + testing::kRightVertices);
  EXPECT_EQ(ceilings[testing::kLeftVertices].item<double>(), 0.5);
}

}  // namespace
}  // namespace fmri2img::experiments
