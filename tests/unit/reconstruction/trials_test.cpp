#include "fmri2img/reconstruction/trials.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::reconstruction {
namespace {

using data::Partition;

class SelectTrials : public ::testing::Test {
 protected:
  std::vector<int64_t> rows(const std::string& text) { return select_trials(text, subject, members).rows; }

  testing::TemporaryFolder folder;
  data::Subject subject = make_up_subject(folder / "subj01", 6, 3);
  std::vector<Member> members{
      {"one", "one", decoding::DecoderRecord{.kind = "ridge", .train_rows = {3, 0, 2}, .held_out_rows = {5, 4}}}};
  decoding::DecoderRecord& record = members[0].record;
};

TEST_F(SelectTrials, NamesTheRowsOfADecoder) {
  EXPECT_EQ(rows("train"), (std::vector<int64_t>{0, 2, 3}));
  EXPECT_EQ(rows("held-out"), (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(rows("validation"), (std::vector<int64_t>{4, 5}));
  record.validation_rows = {1};
  EXPECT_EQ(rows("validation"), (std::vector<int64_t>{1}));
}

TEST_F(SelectTrials, NamesRowsOfEitherSplit) {
  EXPECT_EQ(rows("1:3,5"), (std::vector<int64_t>{1, 2, 5}));
  EXPECT_EQ(rows("test"), (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(rows("test:1:3"), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(select_trials("test:2", subject, members).partition, Partition::kTest);
}

TEST_F(SelectTrials, FindsPicturesByTheirId) {
  const std::string first = subject.pictures(Partition::kTrain).id(4);
  const std::string second = subject.pictures(Partition::kTrain).id(1);
  EXPECT_EQ(rows(first + "," + second), (std::vector<int64_t>{1, 4}));
  const std::string test = subject.pictures(Partition::kTest).id(2);
  EXPECT_EQ(select_trials(test, subject, members).partition, Partition::kTest);
  EXPECT_ERROR(rows(first + "," + test), "both splits");
}

TEST_F(SelectTrials, ReadsRowsAndIdsOfAFile) {
  write_file(folder / "list.txt", "# two of them\n4\n" + subject.pictures(Partition::kTrain).id(1) + "\nnsd-72999\n");
  const std::string text = "file:" + (folder / "list.txt").string();
  EXPECT_EQ(rows(text), (std::vector<int64_t>{1, 4}));
  EXPECT_EQ(trials_file(text), (folder / "list.txt").string());
  EXPECT_EQ(trials_file("test"), "");
  write_file(folder / "list.txt", "nsd-72999\n");
  EXPECT_ERROR(rows(text), "names no trial");
  EXPECT_ERROR(rows("file:/no/such/list"), "/no/such/list");
}

TEST_F(SelectTrials, ExplainsWhatNamesNothing) {
  EXPECT_ERROR(rows("4:9"), "--trials", "9");
  EXPECT_ERROR(rows("trian"), "\"trian\" is neither train", "held-out");
  record.held_out_rows.clear();
  EXPECT_ERROR(rows("validation"), "--trials validation", "--hold-out");
}

TEST_F(SelectTrials, OfAnEnsembleNamesTheRowsThatAllMembersShare) {
  members.push_back(
      {"two", "two", decoding::DecoderRecord{.kind = "mlp", .train_rows = {0, 1, 3}, .validation_rows = {2, 4}}});
  EXPECT_EQ(rows("train"), (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(rows("validation"), (std::vector<int64_t>{4}));
  EXPECT_ERROR(rows("held-out"), "the mlp decoder \"two\" kept no rows aside", "--hold-out");
  members[1].record.validation_rows = {1};
  EXPECT_ERROR(rows("validation"), "the 2 decoders have no such row in common", "--trials held-out");
}

TEST_F(SelectTrials, NamesTheMissingTestResponses) {
  const data::Subject without = make_up_subject(folder / "subj02", 3, 0);
  EXPECT_ERROR(select_trials("test", without, members), "subj02", "test");
}

}  // namespace
}  // namespace fmri2img::reconstruction
