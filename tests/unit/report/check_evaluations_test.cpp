#include "fmri2img/report/check_evaluations.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

/// Results of trials 3 and 5, and what was scored of them.
class CheckEvaluations : public ::testing::Test {
 protected:
  CheckEvaluations() {
    results.folder = folder.path();
    for (const int64_t trial : {3, 5}) {
      reconstruction::ResultRow row;
      row.trial = trial;
      row.picture = "nsd-0" + std::to_string(trial);
      results.rows.push_back(row);
    }
  }

  void write(const std::string& lines, int64_t images) const {
    write_file(folder / "evaluation_x.csv", "trial,picture,model,trained_on,ssim\n" + lines);
    write_json(folder / "evaluation_x.json", {{"images", images}});
  }

  testing::TemporaryFolder folder;
  reconstruction::Results results;
};

TEST_F(CheckEvaluations, TakesThoseOfAllTrialsAndOfSome) {
  EXPECT_NO_THROW(check_evaluations(results));
  write("3,nsd-03,a,false,.5\n5,nsd-05,a,false,.5\n", 2);
  EXPECT_NO_THROW(check_evaluations(results));
  write("5,nsd-05,a,false,.5\n", 1);
  EXPECT_NO_THROW(check_evaluations(results));
}

TEST_F(CheckEvaluations, NamesTheTrialThatIsNotOfThisRun) {
  write("3,nsd-03,a,false,.5\n4,nsd-04,a,false,.5\n", 2);
  EXPECT_ERROR(check_evaluations(results), "evaluation_x.csv", "trial 4 (nsd-04)", "no such trial", "evaluate again");
  write("3,nsd-77,a,false,.5\n", 1);
  EXPECT_ERROR(check_evaluations(results), "trial 3 (nsd-77)", "that trial shows nsd-03");
}

TEST_F(CheckEvaluations, NamesATableThatIsMissingOrOfAnotherLength) {
  write("3,nsd-03,a,false,.5\n", 108);
  EXPECT_ERROR(check_evaluations(results), "evaluation_x.json", "is of 108 images", "of 1: evaluate again");
  std::filesystem::remove(folder / "evaluation_x.csv");
  EXPECT_ERROR(check_evaluations(results), "evaluation_x.csv", "is missing");
}

}  // namespace
}  // namespace fmri2img::report
