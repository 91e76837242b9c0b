#include "fmri2img/report/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/manifest.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SubjectWarnings : public ::testing::Test {
 protected:
  SubjectWarnings() { testing::make_subject(folder / "subj01"); }

  testing::TemporaryFolder folder;
};

TEST_F(SubjectWarnings, AreWhatDoctorFinds) {
  EXPECT_THAT(subject_warnings(folder / "subj01"), IsEmpty());
  std::filesystem::remove(folder / "subj01/training_split/training_fmri/rh_training_fmri.npy");
  EXPECT_THAT(subject_warnings(folder / "subj01"),
              Contains(AllOf(HasSubstr("rh_training_fmri.npy: error: is missing"), HasSubstr("hemisphere-missing"))));
}

TEST_F(SubjectWarnings, SubjectIsFoundThroughTheManifestWhereItStillIs) {
  reconstruction::Results results;
  results.folder = folder.path();
  Manifest manifest = {.command = "reconstruct"};
  manifest.inputs = {{folder / "gone", "sha256:0"}, {folder / "subj01", "sha256:1"}};
  write_json(folder / "manifest.json", manifest.to_json());
  EXPECT_EQ(subject_folder(results), folder / "subj01");
  std::filesystem::rename(folder / "subj01", folder / "elsewhere");
  EXPECT_FALSE(subject_folder(results));
}

TEST(FindingWarnings, NameAFindingAboutOtherData) {
  const testing::TemporaryFolder folder;
  reconstruction::Results results;
  results.folder = folder / "results";
  const auto write_manifest = [&](const char* name, const std::map<std::string, std::string>& inputs) {
    std::filesystem::create_directories(folder / name);
    const Manifest manifest = {.command = "any", .inputs = inputs};
    write_json(folder / name / "manifest.json", manifest.to_json());
    return folder / name / "finding.json";
  };
  write_manifest("results", {{"/data/subj01", "sha256:1"}, {"/data/test.npy", "sha256:2"}});
  const std::vector<std::filesystem::path> findings = {
      write_manifest("same", {{"/elsewhere/subj01", "sha256:1"}, {"/elsewhere/latents.npy", "sha256:3"}}),
      write_manifest("other", {{"/data/subj02", "sha256:4"}}),
      folder / "without_manifest/finding.json"};
  const std::vector<std::string> warnings = finding_warnings(results, findings);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], AllOf(HasSubstr((folder / "other").string()), HasSubstr("\"/data/subj02\"")));
}

TEST(WarningBox, IsNotThereWithoutWarnings) {
  EXPECT_EQ(warning_box({}), "");
  EXPECT_THAT(warning_box({"a <b>"}), HasSubstr("<li>a &lt;b&gt;</li>"));
}

}  // namespace
}  // namespace fmri2img::report
