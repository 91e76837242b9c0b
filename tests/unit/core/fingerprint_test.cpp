#include "fmri2img/core/fingerprint.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

TEST(FingerprintModel, OfAFolderIsThatOfItsFilesAndTheirNames) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "a/unet");
  write_file(folder / "a/unet/model.safetensors", "weights");
  write_file(folder / "a/config.json", "{}");
  std::filesystem::copy(folder / "a", folder / "b", std::filesystem::copy_options::recursive);
  EXPECT_EQ(fingerprint_model(folder / "a"), fingerprint_model(folder / "b"));
  write_file(folder / "b/unet/model.safetensors", "Weights");
  EXPECT_NE(fingerprint_model(folder / "a"), fingerprint_model(folder / "b"));
  std::filesystem::rename(folder / "a/config.json", folder / "a/other.json");
  EXPECT_NE(fingerprint_model(folder / "a"), fingerprint_model(folder / "b"));
}

TEST(FingerprintModel, LeavesHiddenFilesOut) {
  const testing::TemporaryFolder folder;
  write_file(folder / "model.pt", "weights");
  const std::string before = fingerprint_model(folder.path());
  std::filesystem::create_directories(folder / ".git");
  write_file(folder / ".git/index", "x");
  write_file(folder / ".cache", "x");
  EXPECT_EQ(fingerprint_model(folder.path()), before);
  EXPECT_EQ(fingerprint_model(folder / "model.pt"), fingerprint(folder / "model.pt"));
}

}  // namespace
}  // namespace fmri2img
