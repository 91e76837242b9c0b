#include "fmri2img/reconstruction/ensemble/members.h"

#include <gtest/gtest.h>

#include "fmri2img/core/manifest.h"
#include "fmri2img/reconstruction/ensemble/ensemble.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::reconstruction {
namespace {

namespace fs = std::filesystem;

class MembersTest : public ::testing::Test {
 protected:
  /// A decoder folder as `train --decoder mlp` leaves it, but for its weights.
  fs::path write_decoder(const fs::path& name, const std::string& roi, uint64_t split_seed, int64_t batch) {
    fs::create_directories(folder / name);
    const data::Subject subject = data::Subject::open(folder / "subj01");
    decoding::DecoderRecord record;
    record.kind = "mlp";
    record.subject = subject.name();
    record.subject_fingerprint = subject.fingerprint();
    record.vertices = data::select_vertices(subject, roi);
    record.codec = {{"name", "pixels"}};
    record.latent_shape = {1, 6, 6};
    record.train_rows = {2, 0, 5};
    record.training = {{"batch", batch}};
    decoding::write_decoder(folder / name, record, {{"w", at::zeros({1})}}, Json::object());
    Manifest manifest;
    manifest.command = "train";
    manifest.settings = {{"split_seed", split_seed}};
    write_json(folder / name / "manifest.json", manifest.to_json());
    return folder / name;
  }

  std::vector<fs::path> write_preset() {
    testing::make_subject(folder / "subj01");
    write_decoder("d/92", "set3", 3, 16);
    write_decoder("d/94", "set1", 2423, 16);
    write_decoder("d/97", "set3", 849, 32);
    write_decoder("d/100", "set3", 1921, 4);
    return preset_folders(find_preset("four-model-vote"), folder / "d", "subj01");
  }

  std::vector<Member> read(const std::vector<fs::path>& folders) {
    return read_members(folders, data::Subject::open(folder / "subj01"));
  }

  void check_preset() {
    require_preset(find_preset("four-model-vote"), read(write_order), data::Subject::open(folder / "subj01"));
  }

  testing::TemporaryFolder folder;
  std::vector<fs::path> write_order = write_preset();
};

TEST_F(MembersTest, AreCalledAsTheirFolders) {
  const std::vector<Member> members = read(write_order);
  ASSERT_EQ(members.size(), 4U);
  EXPECT_EQ(members[3].name, "100");
  EXPECT_EQ(members[1].record.vertices.expression, "set1");
}

TEST_F(MembersTest, HaveNamesOfTheirOwn) {
  const fs::path other = write_decoder("e/92", "set3", 3, 16);
  EXPECT_ERROR(read({write_order[0], other}), "both called \"92\"", "d/92", "e/92", "rename");
  EXPECT_ERROR(read({write_decoder("average", "none", 1, 1)}), "\"average\" stands for the mean", "rename");
  EXPECT_ERROR(read({folder / "missing"}), "while opening the decoder", "missing");
}

TEST_F(MembersTest, ShareTrainingRowsAndUniteVertices) {
  std::vector<Member> members = read(write_order);
  members[1].record.train_rows = {5, 7, 2};
  EXPECT_EQ(common_training_rows(members), (std::vector<int64_t>{2, 5}));
  members[0].record.vertices.columns = {1, 4};
  members[1].record.vertices.columns = {0, 4};
  members.resize(2);
  EXPECT_EQ(union_of_vertices(members), (std::vector<int64_t>{0, 1, 4}));
}

TEST_F(MembersTest, PresetTakesDecodersThatFit) {
  EXPECT_NO_THROW(check_preset());
}

TEST_F(MembersTest, PresetNamesTheFieldThatDiffers) {
  write_decoder("d/94", "set2", 2423, 16);
  EXPECT_ERROR(check_preset(), "d/94", "its ROI is \"set2\", expected \"set1\"", "--preset");
  write_decoder("d/94", "set1", 7, 16);
  EXPECT_ERROR(check_preset(), "d/94", "its split seed is 7, expected 2423");
  write_decoder("d/94", "set1", 2423, 64);
  EXPECT_ERROR(check_preset(), "d/94", "its batch is 64, expected 16");
  try {
    check_preset();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
  }
}

TEST_F(MembersTest, PresetPrintsTheCommandOfAMissingDecoder) {
  fs::remove_all(folder / "d/97");
  EXPECT_ERROR(preset_folders(find_preset("four-model-vote"), folder / "d", "subj01"),
               "needs the decoders \"97\"",
               "fmri2img train subj01 --decoder mlp --roi set3 --seed 849 --batch 32 --epochs 200 --out " +
                   (folder / "d/97").string());
}

TEST_F(MembersTest, PresetIsAnEnsembleOfItsOwn) {
  EnsembleOptions options;
  options.preset = "four-model-vote";
  EXPECT_ERROR(make_ensemble(options, false, "subj01"), "--preset four-model-vote needs", "--decoders DIR");
  options.decoders = (folder / "d").string();
  const Ensemble ensemble = make_ensemble(options, false, "subj01");
  EXPECT_EQ(ensemble.decoders, write_order);
  EXPECT_EQ(ensemble.refine.scheduler, "pndm");
  options.decoder = {"more"};
  EXPECT_ERROR(make_ensemble(options, false, "subj01"), "leave out --decoder");
  options = {};
  options.preset = "four-model-wote";
  EXPECT_ERROR(make_ensemble(options, false, "subj01"), "\"four-model-wote\"", "did you mean \"four-model-vote\"");
}

}  // namespace
}  // namespace fmri2img::reconstruction
