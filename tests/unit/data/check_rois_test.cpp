#include <gmock/gmock.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/unit/data/checked_subject.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using testing::kLeftVertices;
using testing::kRightVertices;

class CheckRois : public CheckedSubject {
 protected:
  fs::path mask(const std::string& name) const { return roi_folder(path()) / (name + "_challenge_space.npy"); }
  fs::path mapping(const std::string& roi_class) const { return roi_mapping_file(roi_folder(path()), roi_class); }
};

TEST_F(CheckRois, NoFilesAreANote) {
  fs::remove_all(roi_folder(path()));
  EXPECT_THAT(codes(), ElementsAre("note roi-absent"));
  expect_finding("roi-absent", {"roi_masks", "--roi none"});
}

TEST_F(CheckRois, MissingMask) {
  fs::remove(mask("lh.streams"));
  EXPECT_THAT(codes(), ElementsAre("error roi-mask-missing", "note roi-set-incomplete"));
  expect_finding("roi-mask-missing", {"roi_masks/lh.streams_challenge_space.npy", "mapping_streams.npy is there"});
  expect_finding("roi-set-incomplete", {"--roi set3 cannot be used", "early, midventral"});
}

TEST_F(CheckRois, MaskOfAnotherLength) {
  io::write_npy(mask("rh.streams"), at::zeros({163842}, at::kLong));
  expect_finding("roi-mask-length", {"rh.streams", "163,842 vertices", "have 8 there", "fsaverage"});
}

TEST_F(CheckRois, MasksOfAMatrixWithoutHemispheresHaveItsWidthTogether) {
  for (const fs::path& file : responses()) fs::remove(file);
  io::write_npy(whole_file(path(), Partition::kTrain),
                testing::made_responses(testing::kTrainRows, kLeftVertices + kRightVertices, 1));
  EXPECT_THAT(codes(), ::testing::IsEmpty());
  io::write_npy(mask("rh.streams"), at::zeros({9}, at::kLong));
  expect_finding("roi-mask-length", {"masks of streams have 19 vertices", "have 18"});
}

TEST_F(CheckRois, MaskThatHoldsNoCodes) {
  io::write_npy(mask("rh.streams"), at::zeros({kRightVertices}));
  expect_finding("roi-mask-unreadable", {"rh.streams", "one whole number a vertex"});
}

TEST_F(CheckRois, CodesWithoutAName) {
  io::write_npy(mask("rh.floc-places"), at::arange(0, kRightVertices, at::kLong));
  EXPECT_THAT(codes(), ElementsAre("warning roi-code-unnamed"));
  expect_finding("roi-code-unnamed", {"rh.floc-places", "4 vertices", "4, 5, 6, 7", "in no ROI"});
}

TEST_F(CheckRois, NamesWithoutVerticesAreANote) {
  io::write_npy(mask("lh.floc-places"), at::zeros({kLeftVertices}, at::kLong));
  io::write_npy(mask("rh.floc-places"), at::ones({kRightVertices}, at::kLong));
  EXPECT_THAT(codes(), ElementsAre("note roi-empty"));
  expect_finding("roi-empty", {"mapping_floc-places.npy", "PPA, RSC"});
}

TEST_F(CheckRois, MappingThatCannotBeRead) {
  fs::copy_file(
      testing::test_data("io/roi_mapping/hostile_4.npy"), mapping("floc-words"), fs::copy_options::overwrite_existing);
  EXPECT_THAT(codes(), ElementsAre("error roi-mapping-unreadable"));
}

TEST_F(CheckRois, MasksWithoutAMappingAreNotUsed) {
  fs::remove(mapping("floc-words"));
  EXPECT_THAT(codes(), ElementsAre("warning roi-mapping-missing", "warning roi-mapping-missing"));
}

TEST_F(CheckRois, FsaverageMaskMustCountTheVertices) {
  io::write_npy(roi_folder(path()) / "lh.all-vertices_fsaverage_space.npy", at::ones({kLeftVertices}, at::kLong));
  EXPECT_THAT(codes(), ::testing::IsEmpty());
  io::write_npy(roi_folder(path()) / "lh.all-vertices_fsaverage_space.npy", at::ones({kLeftVertices + 3}, at::kLong));
  EXPECT_THAT(codes(), ElementsAre("warning roi-all-vertices"));
  expect_finding("roi-all-vertices", {"lh.all-vertices", "marks 13 vertices", "responses have 10"});
}

}  // namespace
}  // namespace fmri2img::data
