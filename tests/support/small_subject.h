#pragma once

#include <cstdint>
#include <filesystem>

namespace fmri2img::testing {

struct SmallSubject {
  int64_t train_rows = 20;
  int64_t test_rows = 0;
  int64_t vertices = 16;
  int64_t side = 8;  ///< of the pictures
  uint64_t seed = 1;
};

/// A subject's folder without hemispheres and ROI files: random grey pictures, and responses that are random mixtures
/// of their pixels.
void write_small_subject(const std::filesystem::path& folder, const SmallSubject& size);

}  // namespace fmri2img::testing
