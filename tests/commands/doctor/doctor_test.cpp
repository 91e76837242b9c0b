// Claims: one line a finding that names the file and what to do, a summary last, exit 3 exactly where there is an
// error; the JSON says the same; the manual lists every code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;
using testing::run_program;

class Doctor : public ::testing::Test {
 protected:
  Doctor() { testing::make_subject(subject()); }

  fs::path subject() const { return folder / "subj01"; }
  ProgramResult examine(const std::string& options = {}) const {
    return run_program("doctor " + subject().string() + options);
  }
  void damage() const {
    fs::remove(subject() / "training_split/training_fmri/rh_training_fmri.npy");
    write_file(subject() / "training_split/training_images/train-0003_nsd-00027.png", "no picture");
    fs::remove(subject() / "roi_masks/mapping_floc-words.npy");
  }

  testing::TemporaryFolder folder;
};

TEST_F(Doctor, FaultlessSubjectEndsWithZeroErrors) {
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, EndsWith("0 errors, 0 warnings, 3 notes in 1 subject\n"));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 4) << result.out;
  EXPECT_EQ(result.err, "");
}

TEST_F(Doctor, EveryFindingIsOneLineWithFileAdviceAndCode) {
  damage();
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out,
              HasSubstr(subject().string() +
                        "/training_split/training_fmri/rh_training_fmri.npy: error: is missing, but "
                        "lh_training_fmri.npy is there; copy the right hemisphere into the same folder (a matrix "
                        "without hemispheres is called training_fmri.npy) [hemisphere-missing]\n"));
  EXPECT_THAT(result.out, HasSubstr("train-0003_nsd-00027.png: error: row 2: "));
  EXPECT_THAT(result.out, HasSubstr(": warning: is not used: there is no mapping_floc-words.npy; "));
  EXPECT_THAT(result.out, EndsWith("2 errors, 2 warnings, 2 notes in 1 subject\n"));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 7) << result.out;
  EXPECT_THAT(result.err, HasSubstr("2 errors found"));
}

TEST_F(Doctor, SeveralSubjectsShareOneSummary) {
  testing::make_subject(folder / "subj02");
  damage();
  const ProgramResult result = examine(" " + (folder / "subj02").string() + " " + (folder / "subj99").string());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr((folder / "subj99").string() + ": error: there is no such folder; "));
  EXPECT_THAT(result.out, EndsWith("3 errors, 2 warnings, 5 notes in 3 subjects\n"));
}

TEST_F(Doctor, AFolderOfSubjectsIsExaminedSubjectBySubject) {
  testing::make_subject(folder / "subj02");
  const ProgramResult result = run_program("doctor " + folder.path().string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, EndsWith(" in 2 subjects\n"));
}

TEST_F(Doctor, JsonSaysTheSame) {
  damage();
  const ProgramResult result = examine(" --json");
  EXPECT_EQ(result.exit_code, 3);
  const Json json = parse_json(result.out, "doctor --json");
  EXPECT_EQ(json["errors"], 2);
  EXPECT_EQ(json["warnings"], 2);
  EXPECT_EQ(json["notes"], 2);
  ASSERT_EQ(json["subjects"].size(), 1U);
  EXPECT_EQ(json["subjects"][0]["subject"], subject().string());
  const Json& first = json["subjects"][0]["findings"][0];
  EXPECT_EQ(first["severity"], "error");
  EXPECT_EQ(first["code"], "hemisphere-missing");
  EXPECT_EQ(first["file"], "training_split/training_fmri/rh_training_fmri.npy");
  EXPECT_THAT(first["advice"].get<std::string>(), HasSubstr("copy the right hemisphere"));
}

TEST_F(Doctor, SubjectThatTheDoctorPassesCanBeTrainedOn) {
  EXPECT_EQ(examine().exit_code, 0);
  const ProgramResult trained =
      run_program("train " + subject().string() + " --quiet --out " + (folder / "decoder").string());
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
}

TEST_F(Doctor, NeedsASubjectOrAModel) {
  const ProgramResult result = run_program("doctor");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("name a SUBJECT, or models with --zoo or --model"));
}

TEST_F(Doctor, ExaminesModelsBesideASubject) {
  const std::string clip = testing::test_data("clip/clip").string();
  const ProgramResult result = examine(" --model " + clip + " --model " + testing::test_data("blip/saved").string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(clip + ": note: CLIP: "));
  EXPECT_THAT(result.out, EndsWith("0 errors, 0 warnings, 5 notes in 1 subject, 2 models\n"));
}

TEST_F(Doctor, ZooWithADamagedModelIsBadInput) {
  const fs::path clip = folder / "zoo/clip";
  fs::create_directories(folder / "zoo");
  fs::copy(testing::test_data("clip/clip"), clip, fs::copy_options::recursive);
  fs::remove(clip / "model.safetensors");
  const ProgramResult result = run_program("doctor --json --zoo " + (folder / "zoo").string());
  EXPECT_EQ(result.exit_code, 3);
  const Json json = parse_json(result.out, "doctor --json");
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(json["warnings"], 2);
  ASSERT_EQ(json["models"].size(), 1U);
  EXPECT_EQ(json["models"][0]["zoo"], (folder / "zoo").string());
  EXPECT_THAT(json["models"][0]["findings"].dump(), HasSubstr("holds no weights"));
}

TEST_F(Doctor, DecoderThatWasTrainedPasses) {
  const std::string decoder = (folder / "decoder").string();
  ASSERT_EQ(run_program("train " + subject().string() + " --quiet --out " + decoder).exit_code, 0);
  const ProgramResult whole = run_program("doctor --model " + decoder);
  EXPECT_EQ(whole.exit_code, 0) << whole.out;
  EXPECT_THAT(whole.out, HasSubstr(": note: ridge decoder: "));
  fs::resize_file(folder / "decoder/model.safetensors", 100);
  const ProgramResult cut = run_program("doctor --model " + decoder);
  EXPECT_EQ(cut.exit_code, 3);
  EXPECT_THAT(cut.out, HasSubstr("[model-file]"));
}

TEST_F(Doctor, MlpDecoderThatWasTrainedPasses) {
  const std::string decoder = (folder / "decoder").string();
  const ProgramResult trained =
      run_program("train " + subject().string() + " --decoder mlp --epochs 1 --batch 4 --width 16 --blocks 1 " +
                  "--channels 32 --codec pixels --quiet --out " + decoder);
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const ProgramResult whole = run_program("doctor --model " + decoder);
  EXPECT_EQ(whole.exit_code, 0) << whole.out;
  EXPECT_THAT(whole.out, HasSubstr(decoder + ": note: mlp decoder: "));
  EXPECT_THAT(whole.out, EndsWith("0 errors, 0 warnings, 1 note in 1 model\n"));
  const ProgramResult as_subject = run_program("doctor " + decoder);
  EXPECT_EQ(as_subject.exit_code, 2);
  EXPECT_THAT(as_subject.err, AllOf(HasSubstr("is the folder of a model"), HasSubstr("--model \"" + decoder + "\"")));
  Json config = read_json(folder / "decoder/config.json");
  config["mlp"]["width"] = 24;
  write_json(folder / "decoder/config.json", config);
  const ProgramResult wider = run_program("doctor --model " + decoder);
  EXPECT_EQ(wider.exit_code, 3);
  EXPECT_THAT(wider.out, AllOf(HasSubstr("[model-tensor]"), HasSubstr("\"lin0.0.weight\"")));
}

// Every string of the sources that is added as a code must stand in the manual.
TEST(DoctorCodes, StandInTheManual) {
  const fs::path root = testing::test_data("../..").lexically_normal();
  const std::string manual = read_file(root / "doc/formats/subject.md");
  int64_t codes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "fmri2img/data/checks")) {
    std::istringstream lines(read_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      const size_t first = line.find('"');
      const size_t last = line.find('"', first + 1);
      const bool is_code =
          last != std::string::npos && line.find_first_not_of(' ') == first && line.substr(last) == "\",";
      const std::string code = is_code ? line.substr(first + 1, last - first - 1) : "";
      if (code.find('-') == std::string::npos || code.find_first_of(" _./") != std::string::npos) continue;
      EXPECT_THAT(manual, HasSubstr("`" + code + "`"));
      ++codes;
    }
  }
  EXPECT_GE(codes, 15) << "the sources are no longer laid out as this test reads them";
}

}  // namespace
}  // namespace fmri2img::commands
