#include "fmri2img/simulation/anatomy.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <map>
#include <set>

#include "fmri2img/data/roi.h"
#include "fmri2img/io/npy.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::simulation {
namespace {

TEST(Areas, FillTheHemisphereAndUseEveryRegion) {
  double share = 0;
  std::set<std::string_view> used;
  for (const Area& area : areas()) {
    share += area.share;
    used.insert(area.regions.begin(), area.regions.end());
    for (const RegionClass& region_class : region_classes()) {
      int64_t in_class = 0;
      for (const std::string_view region : region_class.regions) {
        in_class += std::count(area.regions.begin(), area.regions.end(), region);
      }
      EXPECT_LE(in_class, 1) << area.regions.front() << " is in two regions of " << region_class.name;
    }
  }
  EXPECT_NEAR(share, 1, 1e-9);
  size_t regions = 0;
  for (const RegionClass& region_class : region_classes()) regions += region_class.regions.size();
  EXPECT_EQ(used.size(), regions);
}

TEST(Anatomy, RegionsTakeTheirShares) {
  const Anatomy anatomy(10000, 20000);
  ASSERT_EQ(anatomy.size(), 30000);
  std::map<std::string_view, int64_t> left;
  std::map<std::string_view, int64_t> right;
  for (int64_t v = 0; v < anatomy.size(); ++v) {
    ++(anatomy.is_left(v) ? left : right)[anatomy.area(v).regions.front()];
  }
  EXPECT_EQ(left["V1v"], 350);
  EXPECT_EQ(right["V1v"], 700);
  EXPECT_EQ(left["EBA"], 700);
}

TEST(Anatomy, WritesMasksThatTheAtlasReads) {
  const testing::TemporaryFolder folder;
  const Anatomy anatomy(1000, 1100);
  anatomy.write_roi_masks(folder.path());
  const data::RoiAtlas atlas = data::read_roi_atlas(folder.path(), 1000, 1100);
  EXPECT_EQ(atlas.names().size(), 31U);
  for (int64_t v = 0; v < anatomy.size(); ++v) {
    for (const std::string_view region : anatomy.area(v).regions) {
      const std::vector<int64_t>& columns = atlas.vertices(std::string(region));
      EXPECT_TRUE(std::binary_search(columns.begin(), columns.end(), v)) << region << " lacks vertex " << v;
    }
  }
  const auto ffa = data::select_vertices(atlas, "FFA-1 & ventral", 2100);
  EXPECT_EQ(ffa.columns, atlas.vertices("FFA-1"));
  EXPECT_FALSE(data::select_vertices(atlas, "FFA-2 & FBA-2", 2100).columns.empty());
}

TEST(Anatomy, FsaverageMasksHoldTheChallengeMasks) {
  const testing::TemporaryFolder folder;
  Anatomy(1000, 1100).write_roi_masks(folder.path());
  for (const char* hemisphere : {"lh.", "rh."}) {
    const auto load = [&](const std::string& name) { return io::read_npy(folder / (hemisphere + name)); };
    const at::Tensor all = load("all-vertices_fsaverage_space.npy");
    EXPECT_EQ(all.size(0), 163842);
    const at::Tensor challenge = load("streams_challenge_space.npy");
    EXPECT_EQ(all.sum().item<int64_t>(), challenge.size(0));
    EXPECT_TRUE(at::equal(load("streams_fsaverage_space.npy").masked_select(all == 1), challenge));
  }
}

TEST(Anatomy, FewVerticesLeaveSmallRegionsEmpty) {
  EXPECT_EQ(Anatomy(50, 51).size(), 101);
}

}  // namespace
}  // namespace fmri2img::simulation
