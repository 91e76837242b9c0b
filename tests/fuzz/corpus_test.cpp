#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "fmri2img/core/error.h"
#include "tests/fuzz/targets.h"

namespace fmri2img::fuzz {
namespace {

namespace fs = std::filesystem;

/// Every file of the corpus is read or refused: no other exception, no crash.
TEST(FuzzCorpus, IsReadOrRefused) {
  for (const Target& target : targets()) {
    int files = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(FMRI2IMG_FUZZ_CORPUS) / target.name)) {
      SCOPED_TRACE(entry.path().string());
      ++files;
      try {
        target.read(entry.path());
      } catch (const Error& error) {
        EXPECT_FALSE(error.message().empty());
      } catch (const std::exception& other) {
        ADD_FAILURE() << "not an Error: " << other.what();
      }
    }
    EXPECT_GT(files, 0) << "no corpus for " << target.name;
  }
}

TEST(FuzzCorpus, HasNoFolderWithoutATarget) {
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(FMRI2IMG_FUZZ_CORPUS))
    folders.insert(entry.path().filename().string());
  for (const Target& target : targets()) folders.erase(std::string(target.name));
  EXPECT_TRUE(folders.empty()) << *folders.begin();
}

}  // namespace
}  // namespace fmri2img::fuzz
