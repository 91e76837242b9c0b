#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fmri2img/data/checks/check_subject.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {

/// A faultless subject that each test damages, and what the checks then find.
class CheckedSubject : public ::testing::Test {
 protected:
  CheckedSubject() { testing::make_subject(path()); }

  std::filesystem::path path() const { return folder / "subj01"; }
  std::filesystem::path pictures(Partition partition = Partition::kTrain) const {
    return pictures_folder(path(), partition);
  }
  std::filesystem::path picture(int64_t row) const {
    return pictures() / picture_file_name(Partition::kTrain, row, 13 + 7 * row);
  }
  std::vector<std::filesystem::path> responses() const { return hemisphere_files(path(), Partition::kTrain); }

  /// "error hemisphere-missing", ... of everything but the notes that a faultless subject gets.
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const Finding& finding : check_subject(path())) {
      const bool expected =
          finding.code == "test-responses-absent" || finding.code == "latents-absent" || finding.code == "size-unknown";
      if (!expected) all.push_back(std::string(severity_name(finding.severity)) + " " + finding.code);
    }
    return all;
  }

  /// The first finding of this code; fails the test where there is none or it does not say all of this.
  Finding expect_finding(const std::string& code, std::initializer_list<std::string_view> parts) const {
    for (const Finding& finding : check_subject(path())) {
      if (finding.code != code) continue;
      const std::string text = finding.file.string() + ": " + finding.what + "; " + finding.advice;
      for (const std::string_view part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
      return finding;
    }
    ADD_FAILURE() << "nothing was found of code " << code;
    return {};
  }

  testing::TemporaryFolder folder;
};

}  // namespace fmri2img::data
