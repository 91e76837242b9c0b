// Claims: a run that cannot succeed says so, as far as it can be known before it starts: a decoder of another subject,
// a batch larger than the data, memory, room on the disk; a disk that fills up later leaves what was there before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/made_subject.h"
#include "tests/support/small_disk.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::kTrainRows;
using testing::ProgramResult;
using testing::run_program;
using testing::SmallDisk;

class BadRun : public ::testing::Test {
 protected:
  BadRun() { testing::make_subject(subject()); }

  fs::path subject() const { return folder / "subj01"; }
  std::string train_line(const fs::path& out, const std::string& options = {}) const {
    return "train " + subject().string() + " --quiet --out " + out.string() + options;
  }
  std::string reconstruct_line(const fs::path& of, const fs::path& out) const {
    return "reconstruct " + of.string() + " --quiet --low-only --trials train --decoder " +
           (folder / "decoder").string() + " --out " + out.string();
  }

  testing::TemporaryFolder folder;
};

TEST_F(BadRun, DecoderOfAnotherSubject) {
  ASSERT_EQ(run_program(train_line(folder / "decoder")).exit_code, 0);
  const fs::path other = folder / "subj02";
  fs::copy(subject(), other, fs::copy_options::recursive);
  io::write_npy(data::hemisphere_files(other, data::Partition::kTrain)[0],
                testing::made_responses(kTrainRows, testing::kLeftVertices, 77));
  const ProgramResult result = run_program(reconstruct_line(other, folder / "results"));
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("do not belong together"),
                    HasSubstr("trained on the responses of \"subj01\""),
                    HasSubstr("these are \"subj02\"")));
  EXPECT_FALSE(fs::exists(folder / "results"));
}

// The same subject, the same number of vertices, but the ROI is one vertex further on.
TEST_F(BadRun, DecoderOfAnotherMask) {
  ASSERT_EQ(run_program(train_line(folder / "decoder", " --roi V1v")).exit_code, 0);
  ASSERT_EQ(run_program(reconstruct_line(subject(), folder / "before")).exit_code, 0);
  const fs::path mask = data::roi_folder(subject()) / "lh.prf-visualrois_challenge_space.npy";
  io::write_npy(mask, io::read_npy(mask).roll(1, 0));
  const ProgramResult result = run_program(reconstruct_line(subject(), folder / "results"));
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("do not belong together"),
                    HasSubstr("mask: \"V1v\" selected 2 vertices in training and selects 2 here, not the same ones")));
  EXPECT_FALSE(fs::exists(folder / "results"));
}

TEST_F(BadRun, BatchLargerThanTheData) {
  io::write_npy(data::latents_file(subject()), testing::made_responses(kTrainRows, 256, 5).view({kTrainRows, 4, 8, 8}));
  const ProgramResult result =
      run_program(train_line(folder / "decoder", " --decoder mlp --width 8 --blocks 1 --channels 32 --batch 100"));
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("--batch is 100"), HasSubstr("only 9 training rows")));
  const ProgramResult huge =
      run_program(train_line(folder / "decoder", " --decoder mlp --channels 32 --batch 1000000000"));
  EXPECT_EQ(huge.exit_code, 2) << "before the memory for such a batch: " << huge.err;
  EXPECT_THAT(huge.err, HasSubstr("only 9 training rows"));
}

TEST_F(BadRun, TrainingOptionsAreNamedAsTheyAreTyped) {
  const auto expect_refusal = [&](const std::string& options, const auto& part) {
    const ProgramResult result = run_program(train_line(folder / "decoder", options));
    EXPECT_EQ(result.exit_code, 2) << options << ": " << result.err;
    EXPECT_THAT(result.err, part);
    EXPECT_LT(result.err.size(), 600U) << result.err;
  };
  const std::string mlp = " --codec pixels --decoder mlp --width 8 --blocks 1 --channels 32";
  expect_refusal(mlp + " --batch 8 --num-train 5", HasSubstr("--num-train is 5, must be at least --batch (8)"));
  expect_refusal(mlp + " --batch 4 --learning-rate nan",
                 HasSubstr("--learning-rate is nan, must be a positive number"));
  expect_refusal(mlp + " --batch 4 --learning-rate 0", HasSubstr("--learning-rate is 0, must be a positive number"));
  expect_refusal(mlp + " --keep-every -1", AllOf(HasSubstr("--keep-every"), HasSubstr("-1 is negative")));
  expect_refusal(mlp + " --alpha 3", HasSubstr("--alpha belongs to --decoder ridge, this is --decoder mlp"));
  expect_refusal(mlp + " --rescale", HasSubstr("--rescale belongs to --decoder ridge"));
  expect_refusal(" --epochs 3", HasSubstr("--epochs belongs to --decoder mlp, this is --decoder ridge"));
  expect_refusal(" --batch 3", HasSubstr("--batch belongs to --decoder mlp"));
  expect_refusal(" --shuffle", HasSubstr("--shuffle belongs to --decoder mlp"));
  expect_refusal(" --seed -1", AllOf(HasSubstr("--seed"), HasSubstr("-1 is negative")));
  expect_refusal(" --split-seed -1", AllOf(HasSubstr("--split-seed"), HasSubstr("-1 is negative")));
  expect_refusal(mlp + " --batch 1 --hold-out 11", AllOf(HasSubstr("1 rows cannot be split"), HasSubstr("--hold-out")));
  expect_refusal(" --train-rows 0:100", HasSubstr("row 12 does not exist"));
  EXPECT_FALSE(fs::exists(folder / "decoder")) << "of a run that was refused";
  expect_refusal(" --hold-out 11", AllOf(HasSubstr("found 1"), HasSubstr("--hold-out")));
}

TEST_F(BadRun, OutputThatCannotBeWritten) {
  write_file(folder / "file", "");
  for (const std::string& line : {train_line(folder / "file/decoder"), train_line(folder / "file")}) {
    const ProgramResult result = run_program(line);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr((folder / "file").string()));
  }
  EXPECT_EQ(read_file(folder / "file"), "");
}

// Root may write anywhere: as root the program runs as nobody, who may read the subject and not write beside it.
TEST_F(BadRun, FolderThatMayNotBeWritten) {
  fs::create_directories(folder / "locked");
  fs::permissions(folder / "locked",
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const std::string line = train_line(folder / "locked/decoder");
  const auto expect_refusal = [&](const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("Permission denied"), HasSubstr((folder / "locked/decoder").string())));
  };
  if (::geteuid() != 0) return expect_refusal(run_program(line));
  fs::permissions(folder.path(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  if (run_program("--version", "exec setpriv --reuid=65534 --regid=65534 --clear-groups").exit_code != 0)
    GTEST_SKIP() << "cannot run the program as another user here";
  expect_refusal(run_program(line, "exec setpriv --reuid=65534 --regid=65534 --clear-groups"));
}

/// 640 GB of responses and 419 GB of latents that take no room on the disk: gathering either would fail by itself.
fs::path make_giant(const fs::path& giant) {
  fs::create_directories(data::responses_folder(giant, data::Partition::kTrain));
  testing::write_sparse_npy(data::whole_file(giant, data::Partition::kTrain), {400000, 400000});
  testing::write_sparse_npy(data::latents_file(giant), {400000, 64, 64, 64});
  return giant;
}

// The responses and their z-scores, 5 matrices of 400,000^2, 4 times the latents: 4 (7 * 1.6e11 + 4 * 1.05e11) bytes.
TEST_F(BadRun, RidgeAsksForMemoryBeforeAnythingIsLoaded) {
  const ProgramResult result =
      run_program("train " + make_giant(folder / "giant").string() + " --quiet --out " + (folder / "decoder").string());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("400,000 x 400,000 responses needs about 6.16 TB of memory"),
                    HasSubstr("are available"),
                    HasSubstr("--roi")));
}

TEST_F(BadRun, MlpAsksForMemoryBeforeAnythingIsLoaded) {
  const ProgramResult result = run_program("train " + make_giant(folder / "giant").string() +
                                           " --decoder mlp --quiet --out " + (folder / "decoder").string());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("training a voxel decoder with 400,000 inputs at batch 16 needs about 1.07 TB of memory"),
                    HasSubstr("--roi")));
}

TEST_F(BadRun, RoomIsAskedForBeforeItIsTaken) {
  const SmallDisk disk(folder / "disk", "64k");
  if (!disk.error().empty()) GTEST_SKIP() << "cannot mount a small file system here: " << disk.error();
  io::write_npy(folder / "responses.npy", at::ones({8, 100000}));
  io::write_npy(folder / "pictures.npy", at::zeros({8, 4, 4}, at::kByte));
  const ProgramResult result =
      run_program("convert --train-responses " + (folder / "responses.npy").string() + " --train-pictures " +
                  (folder / "pictures.npy").string() + " --out " + (disk / "subj01").string());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("the subject's responses need 3.20 MB"), HasSubstr("make room")));
}

TEST_F(BadRun, FullDiskLeavesWhatIsThereAndTheRunGoesOnLater) {
  SmallDisk disk(folder / "disk", "64k");
  if (!disk.error().empty()) GTEST_SKIP() << "cannot mount a small file system here: " << disk.error();
  ASSERT_EQ(run_program(train_line(folder / "decoder")).exit_code, 0);
  const std::string line = reconstruct_line(subject(), disk / "results");
  const ProgramResult full = run_program(line);
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, AllOf(HasSubstr("No space left on device"), HasSubstr("make room and run the command again")));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(disk / "results")) {
    if (entry.path().extension() != ".png") continue;
    EXPECT_EQ(io::read_image(entry.path()).size(2), 3) << "half-written";
  }
  disk.resize("4m");
  const ProgramResult again = run_program(line);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(fs::exists(disk / "results/results.json"));
}

TEST_F(BadRun, LimitOnFileSizesIsAnErrorOfTheWrite) {
  const ProgramResult result = run_program(train_line(folder / "decoder"), "ulimit -f 2;");  // blocks of 512 bytes
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("cannot write"), HasSubstr("File too large"), HasSubstr((folder / "decoder").string())));
  EXPECT_FALSE(fs::exists(folder / "decoder/config.json"));
}

}  // namespace
}  // namespace fmri2img::commands
