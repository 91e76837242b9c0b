#include "fmri2img/data/checks/check_subject.h"

#include <gmock/gmock.h>

#include <set>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "tests/unit/data/checked_subject.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using CheckSubject = CheckedSubject;

TEST_F(CheckSubject, FaultlessSubjectGetsThreeNotes) {
  const std::vector<Finding> findings = check_subject(path());
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].code, "test-responses-absent");
  EXPECT_EQ(findings[1].code, "latents-absent");
  EXPECT_EQ(findings[2].code, "size-unknown");
  for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::kNote);
  EXPECT_EQ(findings[1].file, "training_split/fMRI_VAE.npy");
  EXPECT_THAT(findings[2].what, ::testing::HasSubstr("12 rows, 10 + 8 vertices"));
}

TEST_F(CheckSubject, FolderThatDoesNotExist) {
  const std::vector<Finding> findings = check_subject(folder / "subj99");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "subject-missing");
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_EQ(findings[0].file, ".");
}

TEST_F(CheckSubject, EverythingIsFoundInOneGo) {
  fs::remove(responses()[1]);
  at::Tensor values = testing::made_responses(testing::kTrainRows, testing::kLeftVertices, 1);
  values[0][0] = NAN;
  io::write_npy(responses()[0], values);
  write_file(picture(2), "");
  fs::remove(picture(11));
  fs::remove(roi_folder(path()) / "lh.streams_challenge_space.npy");
  io::write_npy(latents_file(path()), at::zeros({3, 4, 8, 8}));
  EXPECT_THAT(codes(),
              ::testing::IsSupersetOf({"error hemisphere-missing",
                                       "error responses-not-finite",
                                       "error picture-count",
                                       "error picture-unreadable",
                                       "error roi-mask-missing",
                                       "error latents-unusable"}));
}

TEST_F(CheckSubject, EveryFindingSaysWhatAndWhatToDo) {
  fs::remove(responses()[1]);
  for (const Finding& finding : check_subject(path())) {
    EXPECT_FALSE(finding.what.empty()) << finding.code;
    EXPECT_FALSE(finding.advice.empty()) << finding.code;
    EXPECT_TRUE(finding.file.is_relative()) << finding.code;
    EXPECT_EQ(finding.what.find('\n'), std::string::npos) << finding.code << ": one line a finding";
  }
}

TEST_F(CheckSubject, KnownSizeIsRecognised) {
  Findings findings(path());
  check_known_size(findings, {.files = {}, .rows = 9082, .widths = {18978, 20220}});
  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all()[0].code, "size-known");
  EXPECT_THAT(findings.all()[0].what,
              ::testing::HasSubstr("9,082 rows, 18,978 + 20,220 vertices: the size of subject 6"));
}

TEST_F(CheckSubject, ProgressIsTold) {
  std::set<std::string> jobs;
  const ProgressSink before = set_progress_sink([&](const ProgressState& state) { jobs.insert(state.what); });
  check_subject(path());
  set_progress_sink(before);
  EXPECT_TRUE(jobs.contains("checking the train responses"));
  EXPECT_TRUE(jobs.contains("checking the train pictures"));
}

}  // namespace
}  // namespace fmri2img::data
