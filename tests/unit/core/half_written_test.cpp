#include "fmri2img/core/half_written.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;

TEST(HalfWritten, AnAtomicFileIsUntilItIsCommitted) {
  const testing::TemporaryFolder folder;
  AtomicFile file(folder / "a.npy");
  EXPECT_TRUE(fs::exists(half_written_name(folder / "a.npy")));
  EXPECT_TRUE(is_half_written(half_written_name(folder / "a.npy")));
  file.commit();
  EXPECT_FALSE(fs::exists(half_written_name(folder / "a.npy")));
  EXPECT_FALSE(is_half_written(folder / "a.npy"));
}

TEST(HalfWritten, NamesOfOtherKindsAreNot) {
  for (const char* name : {"a.tmp-12", ".a.tmp-", ".a.tmp-12x", ".a.tmp--1", ".a.tmp"}) {
    EXPECT_FALSE(is_half_written(name)) << name;
  }
}

// No process has a number above 2^22.
TEST(HalfWritten, WhatDeadProcessesLeftIsRemovedWhereverItLies) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "clip/deep");
  const fs::path left = folder / ".a.tmp-999999999", deep = folder / "clip/deep/.model.safetensors.tmp-999999999";
  const fs::path growing = half_written_name(folder / "clip/config.json"), whole = folder / "whole";
  for (const fs::path& file : {left, deep, growing, whole}) write_file(file, "half");
  remove_half_written(folder.path());
  EXPECT_FALSE(fs::exists(left));
  EXPECT_FALSE(fs::exists(deep));
  EXPECT_TRUE(fs::exists(growing)) << "its process is running";
  EXPECT_TRUE(fs::exists(whole));
  remove_half_written(folder / "not there");
}

}  // namespace
}  // namespace fmri2img
