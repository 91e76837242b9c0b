#include "fmri2img/io/npy_writer.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/npy.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

TEST(NpyWriter, WritesInPiecesWhatWriteNpyWritesAtOnce) {
  const testing::TemporaryFolder folder;
  const at::Tensor array = counting(at::kFloat, {5, 2, 3});
  write_npy(folder / "whole.npy", array);
  NpyWriter writer(folder / "pieces.npy", at::kFloat, {5, 2, 3});
  writer.write_rows(0, array.slice(0, 0, 2).to(at::kDouble));
  writer.write_rows(2, array.slice(0, 2, 5));
  EXPECT_FALSE(std::filesystem::exists(folder / "pieces.npy"));
  writer.commit();
  EXPECT_EQ(read_file(folder / "pieces.npy"), read_file(folder / "whole.npy"));
  EXPECT_FALSE(std::filesystem::exists(folder / "pieces.npy.partial"));
}

TEST(NpyWriter, ResumesTheSameRecipeAfterALossOfHalfARow) {
  const testing::TemporaryFolder folder;
  const at::Tensor array = counting(at::kFloat, {5, 4});
  { NpyWriter(folder / "a.npy", at::kFloat, {5, 4}, "recipe").write_rows(0, array.slice(0, 0, 3)); }
  const auto partial = folder / "a.npy.partial";
  std::filesystem::resize_file(partial, std::filesystem::file_size(partial) - 7);
  NpyWriter writer(folder / "a.npy", at::kFloat, {5, 4}, "recipe");
  EXPECT_EQ(writer.rows_written(), 2);
  writer.write_rows(2, array.slice(0, 2, 5));
  writer.commit();
  expect_same(read_npy(folder / "a.npy"), array);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.npy.partial.json"));
}

TEST(NpyWriter, StartsAfreshForAnotherRecipeTypeOrShape) {
  const testing::TemporaryFolder folder;
  const auto begin = [&] { NpyWriter(folder / "a.npy", at::kFloat, {5, 4}, "recipe").write_rows(0, at::ones({3, 4})); };
  begin();
  EXPECT_EQ(NpyWriter(folder / "a.npy", at::kFloat, {5, 4}, "another").rows_written(), 0);
  begin();
  EXPECT_EQ(NpyWriter(folder / "a.npy", at::kHalf, {5, 4}, "recipe").rows_written(), 0);
  begin();
  EXPECT_EQ(NpyWriter(folder / "a.npy", at::kFloat, {6, 4}, "recipe").rows_written(), 0);
}

TEST(NpyWriter, WithoutARecipeLeavesNothingBehind) {
  const testing::TemporaryFolder folder;
  { NpyWriter(folder / "a.npy", at::kFloat, {5, 4}).write_rows(0, at::ones({3, 4})); }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NpyWriter, RefusesToFinishWithRowsMissingAndToShareAFile) {
  const testing::TemporaryFolder folder;
  NpyWriter writer(folder / "a.npy", at::kFloat, {5, 4});
  writer.write_rows(0, at::ones({3, 4}));
  EXPECT_ERROR(writer.commit(), "a.npy", "3 of 5 rows");
  EXPECT_ERROR(NpyWriter(folder / "a.npy", at::kFloat, {5, 4}), "a.npy", "another process");
  EXPECT_ERROR(NpyWriter(folder / "missing" / "a.npy", at::kFloat, {5, 4}), "cannot create", "missing");
}

}  // namespace
}  // namespace fmri2img::io
