#include <gmock/gmock.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/unit/data/checked_subject.h"

namespace fmri2img::data {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kTrainRows;

class CheckLatents : public CheckedSubject {
 protected:
  void write(const at::Tensor& latents) const { io::write_npy(latents_file(path()), latents); }
  static at::Tensor good() {
    return testing::made_responses(kTrainRows, int64_t{4} * 8 * 8, 5).view({kTrainRows, 1, 4, 8, 8});
  }
};

TEST_F(CheckLatents, GoodOnesInBothShapesGiveNoFinding) {
  write(good());
  EXPECT_THAT(codes(), IsEmpty());
  write(good().squeeze(1).to(at::kHalf));
  EXPECT_THAT(codes(), IsEmpty());
}

TEST_F(CheckLatents, CountMustBeThatOfThePictures) {
  write(good().narrow(0, 0, 7));
  EXPECT_THAT(codes(), ElementsAre("error latents-unusable"));
  expect_finding("latents-unusable", {"fMRI_VAE.npy", "latents of 7 pictures", "12 training pictures", "encode"});
}

TEST_F(CheckLatents, ShapeMustBeThatOfLatents) {
  write(good().view({kTrainRows, -1}));
  expect_finding("latents-unusable", {"shape 12 x 256", "channels x height x width"});
}

TEST_F(CheckLatents, BadRowsAreNamed) {
  at::Tensor latents = good();
  latents[3][0][1][2][2] = NAN;
  latents[8][0][0][0][0] = -INFINITY;
  latents[5].zero_();
  write(latents);
  EXPECT_THAT(codes(), ElementsAre("error latents-not-finite", "error latents-constant"));
  expect_finding("latents-not-finite", {"2 pictures", "rows 3, 8"});
  expect_finding("latents-constant", {"of 1 picture:", "rows 5"});
}

TEST_F(CheckLatents, ScaleOfUnscaledOrTwiceScaledOnesIsSuspect) {
  write(good() / 0.18215);
  EXPECT_THAT(codes(), ElementsAre("warning latents-scale"));
  expect_finding("latents-scale", {"standard deviation is 5.", "multiply them by the codec's scale factor"});
  write(good() * 0.18215);
  expect_finding("latents-scale", {"standard deviation is 0.1", "multiplied twice"});
}

}  // namespace
}  // namespace fmri2img::data
