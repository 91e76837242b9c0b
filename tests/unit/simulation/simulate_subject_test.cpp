#include "fmri2img/simulation/simulate_subject.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/simulation/caption.h"
#include "fmri2img/simulation/scene_record.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::simulation {
namespace {

using data::Partition;

SubjectSettings small(int64_t train, int64_t test) {
  SubjectSettings settings;
  set_vertices(settings, 200);
  settings.train = train;
  settings.test = test;
  settings.picture_size = 16;
  return settings;
}

at::Tensor all_responses(const data::Subject& subject, Partition partition) {
  const data::Responses& responses = subject.responses(partition);
  std::vector<int64_t> rows(static_cast<size_t>(responses.rows()));
  std::vector<int64_t> columns(static_cast<size_t>(responses.vertices()));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  std::iota(columns.begin(), columns.end(), int64_t{0});
  return responses.gather(rows, columns);
}

TEST(SimulateSubject, WritesASubjectThatOpens) {
  const testing::TemporaryFolder folder;
  simulate_subject(folder / "subj01", small(40, 5));
  const data::Subject subject = data::Subject::open(folder / "subj01");
  EXPECT_EQ(subject.num_vertices(), 200);
  EXPECT_EQ(subject.responses(Partition::kTrain).vertices_of_files(), (std::vector<int64_t>{96, 104}));
  EXPECT_EQ(subject.num_rows(Partition::kTrain), 40);
  EXPECT_EQ(subject.num_rows(Partition::kTest), 5);
  EXPECT_EQ(subject.pictures(Partition::kTest).load(4).size(0), 16);
  EXPECT_TRUE(subject.rois().contains("hV4"));
  const auto name = subject.pictures(Partition::kTrain).path(0).filename().string();
  EXPECT_TRUE(name.starts_with("train-0001_nsd-")) << name;
  for (int64_t row = 1; row < 40; ++row) {
    EXPECT_LT(subject.pictures(Partition::kTrain).nsd_id(row - 1), subject.pictures(Partition::kTrain).nsd_id(row));
  }
  EXPECT_EQ(io::read_npy(folder / "subj01/test_split/noise_ceiling/rh_noise_ceiling.npy").numel(), 104);
}

TEST(SimulateSubject, NothingButThePicturesDependsOnTheirSize) {
  const testing::TemporaryFolder folder;
  SubjectSettings settings = small(33, 0);  // two pieces
  simulate_subject(folder / "a", settings);
  settings.picture_size = 64;
  simulate_subject(folder / "b", settings);
  const data::Subject a = data::Subject::open(folder / "a");
  const data::Subject b = data::Subject::open(folder / "b");
  EXPECT_FALSE(a.has_responses(Partition::kTest));
  EXPECT_EQ(a.fingerprint(), b.fingerprint());
  EXPECT_TRUE(at::isfinite(all_responses(a, Partition::kTrain)).all().item<bool>());
}

TEST(SimulateSubject, WritesWhatThePicturesShow) {
  const testing::TemporaryFolder folder;
  simulate_subject(folder / "subj01", small(33, 5));
  const data::Pictures pictures(data::pictures_folder(folder / "subj01", Partition::kTest));
  std::istringstream lines(read_file(data::scenes_file(folder / "subj01", Partition::kTest)));
  int64_t row = 0;
  for (std::string line; std::getline(lines, line); ++row) {
    const Json record = parse_json(line, "scenes.jsonl");
    const Scene scene = make_scene(42, *pictures.nsd_id(row));
    EXPECT_EQ(record["file_name"], pictures.path(row).filename().string());
    EXPECT_EQ(record["text"], caption(scene));
    EXPECT_EQ(record["things"].size(), scene.things.size());
  }
  EXPECT_EQ(row, 5);
  const std::string train = read_file(data::scenes_file(folder / "subj01", Partition::kTrain));
  EXPECT_EQ(std::count(train.begin(), train.end(), '\n'), 33);
  simulate_subject(folder / "untested", small(3, 0));
  EXPECT_FALSE(std::filesystem::exists(data::scenes_file(folder / "untested", Partition::kTest)));
}

TEST(SceneRecord, HoldsTheFrontThingFirst) {
  Scene scene{.place = Place::kSea, .horizon = -.123456F};
  scene.things.push_back({.kind = Kind::kBoat, .hue = Hue::kRed, .size = Size::kSmall, .x = .5F, .scale = .25F});
  scene.things.push_back({.kind = Kind::kFace, .hue = Hue::kBrown, .size = Size::kLarge, .y = -.75F, .scale = .7F});
  EXPECT_EQ(scene_record(scene).dump(),
            R"({"text":"a large face with brown hair and a red boat on the sea","place":"sea","horizon":-0.1235,)"
            R"("things":[{"kind":"face","hue":"brown","size":"large","x":0.0,"y":-0.75,"scale":0.7},)"
            R"({"kind":"boat","hue":"red","size":"small","x":0.5,"y":0.0,"scale":0.25}]})");
}

TEST(SimulateSubject, SizesFollowTheChallenge) {
  SubjectSettings settings;
  set_full_size(settings, 6);
  EXPECT_EQ(settings.left_vertices, 18978);
  EXPECT_EQ(settings.right_vertices, 20220);
  EXPECT_EQ(settings.train, 9082);
  set_vertices(settings, 39548);
  EXPECT_EQ(settings.left_vertices, 19004);
}

TEST(SimulateSubject, KnowsItsCostBeforehand) {
  SubjectSettings settings;
  set_full_size(settings, 1);
  // 10,000 pictures x 39,548 vertices x 4 bytes are 1.58 GB; it must be possible in 1 GB of memory.
  EXPECT_GT(cost(settings).disk_bytes, 1581920000);
  EXPECT_LT(cost(settings).memory_bytes, 1000000000);
}

TEST(SimulateSubject, RefusesImpossibleSizes) {
  SubjectSettings settings;
  EXPECT_ERROR(set_vertices(settings, 99), "--vertices 99", "100 or more");
  EXPECT_ERROR(set_vertices(settings, 400000), "--vertices 400000", "163,842");
  EXPECT_ERROR(set_full_size(settings, 9), "no subject 9", "1 to 8");
  EXPECT_ERROR(check(small(72999, 2)), "72,999 training", "73,000 in all");
}

}  // namespace
}  // namespace fmri2img::simulation
