#include "fmri2img/data/latents.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/io/npy.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

at::Tensor counting_latents() {
  return at::arange(5 * 4 * 2 * 3, at::kFloat).reshape({5, 4, 2, 3});
}

class LatentsFile : public ::testing::Test {
 protected:
  Latents written(const at::Tensor& array, int64_t num_pictures = 5) const {
    io::write_npy(folder / "fMRI_VAE.npy", array);
    return {folder / "fMRI_VAE.npy", num_pictures};
  }

  testing::TemporaryFolder folder;
};

TEST_F(LatentsFile, BothShapesInUseGiveTheSame) {
  for (const at::Tensor& array : {counting_latents(), counting_latents().unsqueeze(1)}) {
    const Latents latents = written(array);
    EXPECT_EQ(latents.size(), 5);
    EXPECT_EQ(latents.channels(), 4);
    EXPECT_EQ(latents.height(), 2);
    EXPECT_EQ(latents.width(), 3);
    EXPECT_TRUE(at::equal(latents.gather({3, 0, 3}), counting_latents().index_select(0, at::tensor({3, 0, 3}))));
  }
}

TEST_F(LatentsFile, OtherFloatingTypesBecomeFloat32) {
  for (const at::ScalarType type : {at::kHalf, at::kDouble}) {
    const at::Tensor gathered = written(counting_latents().to(type)).gather({1});
    EXPECT_EQ(gathered.scalar_type(), at::kFloat);
    EXPECT_TRUE(at::equal(gathered, counting_latents().narrow(0, 1, 1)));
  }
}

TEST_F(LatentsFile, ThoseOfAnotherNumberOfPicturesAreRefused) {
  EXPECT_ERROR(
      written(counting_latents(), 9841), "fMRI_VAE.npy\" holds the latents of 5 pictures", "9,841", "fmri2img encode");
}

TEST_F(LatentsFile, OtherShapesAndTypesAreRefused) {
  EXPECT_ERROR(written(at::zeros({5, 24})), "fMRI_VAE.npy", "shape 5 x 24", "channels x height x width");
  EXPECT_ERROR(written(at::zeros({5, 2, 4, 2, 3})), "shape 5 x 2 x 4 x 2 x 3");
  EXPECT_ERROR(written(at::zeros({5, 4, 2, 3}, at::kInt)), "int32", "floating-point");
}

TEST_F(LatentsFile, RowThatDoesNotExistIsNamed) {
  EXPECT_ERROR(written(counting_latents()).gather({0, 5}), "5 pictures", "no row 5");
  EXPECT_ERROR(written(counting_latents()).gather({-1}), "no row -1");
}

TEST_F(LatentsFile, AskForMemoryBeforeTheyTakeIt) {
  const Latents latents = written(at::zeros({2, 4, 512, 512}), 2);
  EXPECT_ERROR(latents.gather(std::vector<int64_t>(1'000'000, 0)), "latents of 1,000,000 pictures needs about 4.19 TB");
}

}  // namespace
}  // namespace fmri2img::data
