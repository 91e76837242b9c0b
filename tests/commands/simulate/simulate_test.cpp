// Claims: the same seed gives the same bytes whatever the threads; an existing folder is safe; what cannot be is said
// before anything is written; pictures can be read from the early visual regions better than from the category regions.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/json.h"
#include "fmri2img/data/subject.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using testing::ProgramResult;
using testing::run_program;
using testing::TemporaryFolder;

constexpr const char* kSmall = " --vertices 300 --train 40 --test 10 --picture-size 16";

/// Every file's fingerprint by its name below the folder; the manifest holds times.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "manifest.json") continue;
    files[fs::relative(entry.path(), folder).string()] = fingerprint(entry.path());
  }
  return files;
}

ProgramResult simulate(const fs::path& out, const std::string& options) {
  return run_program("simulate --out " + out.string() + options);
}

TEST(Simulate, SameSeedSameBytesWhateverTheThreads) {
  const TemporaryFolder folder;
  ASSERT_EQ(simulate(folder / "one", std::string(kSmall) + " --threads 1").exit_code, 0);
  const ProgramResult checked = run_program("doctor " + (folder / "one").string());
  EXPECT_NE(checked.out.find("0 errors, 0 warnings"), std::string::npos) << checked.out << checked.err;
  ASSERT_EQ(simulate(folder / "three", std::string(kSmall) + " --threads 3").exit_code, 0);
  ASSERT_EQ(simulate(folder / "other", std::string(kSmall) + " --seed 7").exit_code, 0);
  const auto one = contents(folder / "one");
  EXPECT_EQ(one.size(), 50U + 2 + 4 + 2 + 6 + 2 * 13);  // pictures, scenes, responses, ceilings, mappings, masks
  EXPECT_EQ(one, contents(folder / "three"));
  EXPECT_NE(one, contents(folder / "other"));
}

TEST(Simulate, SubjectsShareTestPicturesButNotTheirBrains) {
  const TemporaryFolder folder;
  const ProgramResult result = simulate(folder / "all", std::string(kSmall) + " --subjects 1 12");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("subj12: 40 training and 10 test pictures, 144 + 156 vertices"), std::string::npos)
      << result.out;
  const data::Subject first = data::Subject::open(folder / "all/subj01");
  const data::Subject other = data::Subject::open(folder / "all/subj12");
  EXPECT_EQ(contents(first.pictures(data::Partition::kTest).folder()),
            contents(other.pictures(data::Partition::kTest).folder()));
  EXPECT_NE(first.fingerprint(), other.fingerprint());
}

TEST(Simulate, LeavesExistingFoldersAlone) {
  const TemporaryFolder folder;
  write_file(folder / "notes.txt", "mine");
  const ProgramResult foreign = simulate(folder.path(), std::string(kSmall) + " --overwrite");
  EXPECT_EQ(foreign.exit_code, 2);
  EXPECT_NE(foreign.err.find("not made by fmri2img"), std::string::npos) << foreign.err;
  ASSERT_EQ(simulate(folder / "subj01", kSmall).exit_code, 0);
  const ProgramResult again = simulate(folder / "subj01", kSmall);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.err.find("finished already"), std::string::npos) << again.err;
  const ProgramResult other = simulate(folder / "subj01", std::string(kSmall) + " --seed 7");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("\"seed\" is 42 there and 7 here"), std::string::npos) << other.err;
  EXPECT_EQ(simulate(folder / "subj01", std::string(kSmall) + " --seed 7 --overwrite").exit_code, 0);
}

TEST(Simulate, SaysWhatCannotBeBeforeItWritesAnything) {
  const TemporaryFolder folder;
  struct Row {
    const char* options;
    int exit_code;
    const char* message;
  };
  for (const Row& row : {Row{" --vertices 5", 2, "100 or more"},
                         Row{" --full-size --vertices 500", 2, "excludes"},
                         Row{" --full-size --subjects 9", 2, "no subject 9"},
                         Row{" --train 72999 --test 2", 2, "73,000 in all"},
                         Row{" --train 0", 2, "--train"},
                         Row{" --ncsnr 0", 2, "--ncsnr"}}) {
    const ProgramResult result = simulate(folder / "no", row.options);
    EXPECT_EQ(result.exit_code, row.exit_code) << row.options;
    EXPECT_NE(result.err.find(row.message), std::string::npos) << result.err;
    EXPECT_FALSE(fs::exists(folder / "no")) << row.options;
  }
}

TEST(Simulate, NamesTheDiskThatIsTooSmall) {
  const TemporaryFolder folder;
  if (fs::space(folder.path()).available > 900'000'000'000) GTEST_SKIP() << "this disk has room for 1 TB";
  const ProgramResult result = simulate(folder / "no", " --vertices 300000 --train 72000 --picture-size 2048");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("responses and pictures need"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(folder / "no"));
}

double pixel_correlation(const TemporaryFolder& folder, const std::string& roi) {
  const std::string subject = (folder / "subject").string();
  const std::string decoder = (folder / ("decoder_" + roi)).string();
  const std::string results = (folder / ("results_" + roi)).string();
  const ProgramResult trained =
      run_program("train " + subject + " --roi " + roi + " --vertices all --folds 3 --threads 1 --out " + decoder);
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  const ProgramResult reconstructed = run_program("reconstruct " + subject + " --decoder " + decoder +
                                                  " --trials test --low-only --threads 1 --out " + results);
  EXPECT_EQ(reconstructed.exit_code, 0) << reconstructed.err;
  const ProgramResult scored = run_program("evaluate " + results + " --json --threads 1");
  EXPECT_EQ(scored.exit_code, 0) << scored.err;
  return parse_json(scored.out, "evaluate --json")["pixel_correlation"]["mean"].get<double>();
}

TEST(Simulate, EarlyRegionsTellMoreOfThePictureThanCategoryRegions) {
  const TemporaryFolder folder;
  ASSERT_EQ(simulate(folder / "subject", " --vertices 1000 --train 200 --test 40 --picture-size 16").exit_code, 0);
  const double early = pixel_correlation(folder, "set1");
  const double category = pixel_correlation(folder, "set2");
  EXPECT_GT(early, .4);
  EXPECT_GT(early, category + .05);
}

}  // namespace
}  // namespace fmri2img::commands
