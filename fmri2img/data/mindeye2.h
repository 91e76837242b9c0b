#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "fmri2img/data/layout.h"
#include "fmri2img/io/hdf5.h"

namespace fmri2img::data {

/// One NSD subject as MindEye2's files hold it (doc/formats/mindeye2.md), as rows of pictures: the repeats of a picture
/// are averaged, rows follow the pictures' numbers. Nothing large is read before it is asked for.
///
/// The test partition is the shared pictures (`new_test`), the training partition the others.
/// Source of the layout: MedARC-AI/MindEyeV2, src/Train.ipynb.
class MindEye2 {
 public:
  /// Reads the trials' list from the tar files of subject `subject` (1 to 8) and opens the HDF5 files. Throws Error
  /// naming the file if one is missing or damaged, a list names a trial or picture that is not there, or a picture is
  /// in both partitions.
  MindEye2(const std::filesystem::path& folder, int64_t subject);

  int64_t num_rows(Partition partition) const { return static_cast<int64_t>(trials(partition).size()); }
  int64_t num_voxels() const { return voxels_; }

  /// The 0-based number among NSD's 73,000 pictures.
  int64_t nsd_id(Partition partition, int64_t row) const;

  /// Rows first .. first + count - 1: float32 [count, voxels]. Throws Error naming the trial where one is not finite.
  at::Tensor responses(Partition partition, int64_t first, int64_t count) const;

  /// Their pictures: uint8 [count, H, W, 3]. Throws Error if a value lies outside 0 .. 1.
  at::Tensor pictures(Partition partition, int64_t first, int64_t count) const;

  /// Every file that was opened.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  /// Picture -> its trials, which are rows of the betas; both ascending.
  using Trials = std::map<int64_t, std::vector<int64_t>>;

  const Trials& trials(Partition partition) const { return partition == Partition::kTrain ? train_ : test_; }
  void check_trials(int64_t num_trials, int64_t num_pictures) const;

  std::vector<std::filesystem::path> files_;
  io::Hdf5File betas_;
  io::Hdf5File images_;
  Trials train_;
  Trials test_;
  int64_t voxels_ = 0;
};

}  // namespace fmri2img::data
