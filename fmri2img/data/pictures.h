#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fmri2img::data {

/// The pictures of one partition: the PNG and JPEG files of one folder, in row order.
///
/// Files sort by the numbers in their names (`2.png` before `10.png`), which is the order of the rows in every known
/// variant of the layout. Hidden files and other endings are not pictures.
class Pictures {
 public:
  /// Throws Error if the folder cannot be listed. An empty folder gives no pictures.
  explicit Pictures(const std::filesystem::path& folder);

  int64_t size() const { return static_cast<int64_t>(files_.size()); }
  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& path(int64_t row) const;

  /// What names the picture whatever its row: "nsd-00013" where the file name holds an NSD number, else the file name
  /// without its ending.
  std::string id(int64_t row) const;

  /// The 0-based number among NSD's 73,000 pictures, where the file name holds it.
  std::optional<int64_t> nsd_id(int64_t row) const;

  /// uint8 [H, W, 3], RGB. Throws Error naming the file if it cannot be read. The first picture with an alpha channel,
  /// which is dropped, and the first one with 16 bits, which are cut to 8, are named in a warning. Thread-safe.
  at::Tensor load(int64_t row) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
  struct Warnings;
  std::shared_ptr<Warnings> warnings_;  // copies warn once together
};

/// The order of `Pictures`: runs of digits compare as numbers, everything else as bytes; equal numbers by their length.
bool natural_less(const std::string& a, const std::string& b);

}  // namespace fmri2img::data
