#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace fmri2img::data {

/// The stored latents of a subject's training pictures, memory-mapped: N x C x h x w, or N x 1 x C x h x w.
class Latents {
 public:
  /// Throws Error if the file is not such an array of floating-point numbers, or holds the latents of another number of
  /// pictures than `num_pictures`.
  Latents(const std::filesystem::path& file, int64_t num_pictures);

  int64_t size() const { return size_; }
  int64_t channels() const { return channels_; }
  int64_t height() const { return height_; }
  int64_t width() const { return width_; }
  const std::filesystem::path& path() const { return path_; }

  /// Contiguous float32 [rows, C, h, w], in the order given. REQUIRES: every row is in range (checked: Error).
  /// Throws Error before it takes more memory than there is.
  at::Tensor gather(const std::vector<int64_t>& rows) const;

 private:
  std::filesystem::path path_;
  at::Tensor values_;  // [N, C, h, w], a view into the mapping
  int64_t size_ = 0;
  int64_t channels_ = 0;
  int64_t height_ = 0;
  int64_t width_ = 0;
};

}  // namespace fmri2img::data
