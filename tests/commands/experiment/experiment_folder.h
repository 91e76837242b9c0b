#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/findings/finding.h"
#include "tests/support/reference_data.h"
#include "tests/support/started_program.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::testing {

/// A tiny simulated subject with hemispheres, ROI masks, test rows and noise ceilings, and the program run on it.
class ExperimentFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    // Simulated once for all tests; each has a copy of its own to spoil.
    static const TemporaryFolder simulated;
    static const ProgramResult made = run_program(
        "simulate --vertices 120 --train 60 --test 12 --picture-size 16 --out " + (simulated / "subj").string());
    ASSERT_EQ(made.exit_code, 0) << made.err;
    std::filesystem::copy(simulated / "subj", path("subj"), std::filesystem::copy_options::recursive);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Exit code; what was printed is in `output()`. A word that begins with @ is a path in the folder.
  int run(std::vector<std::string> words) const {
    return StartedProgram(expand(std::move(words)), folder_ / "output.txt").wait();
  }

  std::vector<std::string> expand(std::vector<std::string> words) const {
    for (std::string& word : words) {
      if (word.starts_with("@")) word = path(word.substr(1));
    }
    words.insert(words.end(), {"--threads", "1"});
    return words;
  }

  std::string output() const { return read_file(folder_ / "output.txt"); }
  std::string text(const std::string& name) const { return read_file(folder_ / name); }

  findings::Finding finding(const std::string& out) const {
    return findings::read_finding(folder_ / out / "finding.json");
  }

  /// Every chart of the finding lies beside it.
  void expect_charts(const std::string& out) const {
    const findings::Finding found = finding(out);
    EXPECT_FALSE(found.charts.empty());
    for (const findings::Chart& chart : found.charts) {
      const std::filesystem::path file = folder_ / out / (chart.id + ".svg");
      ASSERT_TRUE(std::filesystem::exists(file)) << file;
      EXPECT_TRUE(read_file(file).starts_with("<svg")) << file;
    }
  }

  TemporaryFolder folder_;
};

}  // namespace fmri2img::testing
