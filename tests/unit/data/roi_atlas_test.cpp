#include <gtest/gtest.h>

#include "fmri2img/data/roi.h"
#include "fmri2img/data/roi_files.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using testing::kLeftVertices;
using testing::kRightVertices;
using Columns = std::vector<int64_t>;

class RoiAtlasFiles : public ::testing::Test {
 protected:
  RoiAtlasFiles() { testing::make_rois(folder.path()); }

  fs::path masks() const { return roi_folder(folder.path()); }
  RoiAtlas read() const { return read_roi_atlas(masks(), kLeftVertices, kRightVertices); }

  testing::TemporaryFolder folder;
};

TEST_F(RoiAtlasFiles, RegionsAreTheUnionOfBothHemispheres) {
  const RoiAtlas atlas = read();
  EXPECT_EQ(atlas.vertices("V1v"), (Columns{0, kLeftVertices}));
  EXPECT_EQ(atlas.vertices("hV4"), (Columns{6, kLeftVertices + 6}));
  EXPECT_EQ(atlas.vertices("FFA-1"), (Columns{1, kLeftVertices + 1}));
  EXPECT_EQ(atlas.vertices("midventral"), (Columns{1, kLeftVertices + 1})) << "classes overlap";
  EXPECT_FALSE(atlas.contains("Unknown"));
}

TEST_F(RoiAtlasFiles, NamesComeClassByClassInTheOrderOfTheCodes) {
  const std::vector<std::string> names = read().names();
  EXPECT_EQ(names.size(), 7U + 4 + 5 + 3 + 5 + 7);
  EXPECT_EQ(names.front(), "V1v");
  EXPECT_EQ(names[7], "EBA");
  EXPECT_EQ(names.back(), "parietal");
}

TEST_F(RoiAtlasFiles, MasksMayBeCalledSpaceAlone) {
  const RoiAtlas expected = read();
  for (const std::string& name : roi_classes(masks())) {
    for (const std::string side : {"lh.", "rh."}) {
      fs::rename(masks() / (side + name + "_challenge_space.npy"), masks() / (side + name + "_space.npy"));
    }
  }
  const RoiAtlas found = read();
  EXPECT_EQ(found.names(), expected.names());
  for (const std::string& name : expected.names()) EXPECT_EQ(found.vertices(name), expected.vertices(name));
}

TEST_F(RoiAtlasFiles, FsaverageMasksAreNotMistakenForTheSubjects) {
  io::write_npy(masks() / "lh.streams_fsaverage_space.npy", at::ones({163842}, at::kLong));
  EXPECT_EQ(read().vertices("early"), (Columns{0, kLeftVertices}));
}

TEST_F(RoiAtlasFiles, RegionWithoutVerticesIsThereAndEmpty) {
  io::write_npy(masks() / "lh.floc-places_challenge_space.npy", at::zeros({kLeftVertices}, at::kLong));
  io::write_npy(masks() / "rh.floc-places_challenge_space.npy", at::full({kRightVertices}, 2, at::kLong));
  const RoiAtlas atlas = read();
  EXPECT_TRUE(atlas.contains("RSC"));
  EXPECT_TRUE(atlas.vertices("RSC").empty());
  EXPECT_EQ(atlas.vertices("PPA").size(), static_cast<size_t>(kRightVertices));
}

TEST_F(RoiAtlasFiles, MatrixWithoutHemispheresHasOneMaskOrBoth) {
  const RoiAtlas both = read_roi_atlas(masks(), kLeftVertices + kRightVertices, 0);
  EXPECT_EQ(both.vertices("V1v"), (Columns{0, kLeftVertices}));
  for (const std::string& name : roi_classes(masks())) {
    io::write_npy(masks() / (name + "_space.npy"), at::ones({kLeftVertices + kRightVertices}, at::kInt));
  }
  EXPECT_EQ(read_roi_atlas(masks(), kLeftVertices + kRightVertices, 0).vertices("V1v").size(), 18U);
}

TEST_F(RoiAtlasFiles, UnknownRegionIsAnsweredWithTheNearest) {
  EXPECT_ERROR(read().vertices("FFA1"), "no ROI \"FFA1\"", "FFA-1");
}

TEST_F(RoiAtlasFiles, MissingMaskIsNamed) {
  fs::remove(masks() / "rh.streams_challenge_space.npy");
  EXPECT_ERROR(read(), "has no rh.streams_challenge_space.npy", "mapping_streams.npy");
}

TEST_F(RoiAtlasFiles, MaskOfAnotherSubjectIsNamedWithBothLengths) {
  io::write_npy(masks() / "lh.streams_challenge_space.npy", at::zeros({7}, at::kLong));
  EXPECT_ERROR(read(), "lh.streams_challenge_space.npy\" has 7 vertices", "the responses have 10 there");
}

TEST_F(RoiAtlasFiles, MaskMustHoldWholeNumbers) {
  io::write_npy(masks() / "lh.streams_challenge_space.npy", at::zeros({kLeftVertices}));
  EXPECT_ERROR(read(), "lh.streams_challenge_space.npy\" holds float32", "one whole number a vertex");
}

TEST(RoiAtlas, FolderThatDoesNotExistGivesNoRegions) {
  EXPECT_TRUE(read_roi_atlas("/no/such/folder", 5, 5).names().empty());
}

TEST(RoiAtlas, ColumnsAreSortedAndFreedOfRepeats) {
  const RoiAtlas atlas({"a"}, {{"a", {5, 1, 5, 3}}});
  EXPECT_EQ(atlas.vertices("a"), (Columns{1, 3, 5}));
}

}  // namespace
}  // namespace fmri2img::data
