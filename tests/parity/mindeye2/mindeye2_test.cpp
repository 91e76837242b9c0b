#include "fmri2img/data/mindeye2.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;
using testing::test_data;

// Golden: h5py and NumPy, tools/parity/mindeye2.py. Exact.
TEST(MindEye2, AveragesTheRepeatsOfAPictureInTheOrderOfThePictures) {
  const MindEye2 source(test_data("mindeye2"), 1);
  const io::Hdf5File expected(test_data("mindeye2/expected.h5"));
  EXPECT_EQ(source.num_voxels(), 5);
  for (const Partition partition : {Partition::kTrain, Partition::kTest}) {
    const std::string part(partition_name(partition));
    const at::Tensor ids = expected.read(part + "/nsd_ids");
    ASSERT_EQ(source.num_rows(partition), ids.size(0));
    for (int64_t row = 0; row < ids.size(0); ++row) EXPECT_EQ(source.nsd_id(partition, row), ids[row].item<int64_t>());
    EXPECT_TRUE(at::equal(source.responses(partition, 0, ids.size(0)), expected.read(part + "/responses")));
    EXPECT_TRUE(at::equal(source.pictures(partition, 0, ids.size(0)), expected.read(part + "/pictures")));
  }
}

TEST(MindEye2, ReadsInPieces) {
  const MindEye2 source(test_data("mindeye2"), 1);
  const at::Tensor all = source.responses(Partition::kTrain, 0, 4);
  EXPECT_TRUE(at::equal(source.responses(Partition::kTrain, 1, 2), all.narrow(0, 1, 2)));
  EXPECT_TRUE(
      at::equal(source.pictures(Partition::kTest, 1, 1), source.pictures(Partition::kTest, 0, 2).narrow(0, 1, 1)));
}

/// The golden folder with one file replaced.
class ChangedCopy {
 public:
  ChangedCopy() { fs::copy(test_data("mindeye2"), folder_.path(), fs::copy_options::recursive); }

  void replace(const fs::path& name, const std::string& content) { write_file(folder_ / name, content); }
  void remove(const fs::path& name) { fs::remove_all(folder_ / name); }
  std::string content(const fs::path& name) const { return read_file(folder_ / name); }
  MindEye2 open(int64_t subject = 1) const { return {folder_.path(), subject}; }

 private:
  testing::TemporaryFolder folder_;
};

TEST(MindEye2, NamesWhatIsMissing) {
  ChangedCopy copy;
  EXPECT_ERROR(copy.open(2), "betas_all_subj02_fp32_renorm.hdf5", "No such file");
  copy.remove("wds/subj01/train");
  EXPECT_ERROR(copy.open(), "wds/subj01/train", "holds no .tar file", "trials of subject 1 are expected there");
}

TEST(MindEye2, RefusesAPictureInBothPartitions) {
  ChangedCopy copy;
  copy.replace("wds/subj01/new_test/0.tar", copy.content("wds/subj01/train/0.tar"));
  EXPECT_ERROR(copy.open(), "picture 3 is among the training and the test trials");
}

TEST(MindEye2, RefusesBetasAndPicturesThatDoNotFitTheTrials) {
  ChangedCopy copy;
  const std::string betas = "betas_all_subj01_fp32_renorm.hdf5";
  copy.replace(betas, copy.content("coco_images_224_float16.hdf5"));
  EXPECT_ERROR(copy.open(), betas, "holds no \"betas\"", "\"images\"");
  copy.replace(betas, copy.content("wds/subj01/train/0.tar"));
  EXPECT_ERROR(copy.open(), betas, "not an HDF5 file");
}

TEST(MindEye2, RefusesBehaviourThatIsNone) {
  ChangedCopy copy;
  const auto with_first_row = [&](int64_t column, double value) {
    std::string tar = read_file(test_data("mindeye2/wds/subj01/train/0.tar"));
    tar.replace(512 + 128 + static_cast<size_t>(column) * 8, 8, reinterpret_cast<const char*>(&value), 8);
    copy.replace("wds/subj01/train/0.tar", tar);
    return copy.open();
  };
  EXPECT_ERROR(with_first_row(0, 0.5), "0.tar", "sample000000000.behav.npy", "column 0", "is 0.5, which is no index");
  EXPECT_ERROR(with_first_row(0, 12), "shows picture 12", "coco_images_224_float16.hdf5", "holds 12");
  EXPECT_ERROR(with_first_row(5, 14), "picture 3 was shown in trial 14", "holds 14 trials");
}

}  // namespace
}  // namespace fmri2img::data
