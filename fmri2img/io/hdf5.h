#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/hdf5_library.h"
#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// Whether a file is HDF5: its signature stands at byte 0, 512, 1024, 2048 ...
bool is_hdf5(const MappedFile& file);

/// An HDF5 file: every dataset by its path ("group/betas"), of any rank, chunked or not, with the filters that are
/// built into HDF5 (gzip, shuffle, checksum ...), of the types that hdf5_types.h names, in either byte order.
///
/// Whatever touches the file's structures runs in a child process: a damaged file cannot harm this one. Links, virtual
/// datasets and external files are listed and not followed.
class Hdf5File {
 public:
  /// Lists the file. Throws Error naming it if it is no HDF5 file or damaged.
  explicit Hdf5File(const std::filesystem::path& path, hdf5::Depth depth = hdf5::Depth::kEverything);

  const std::vector<hdf5::Object>& objects() const { return objects_; }
  std::vector<VariableInfo> variables() const;

  /// A whole dataset. Throws Error if there is none of this name (with the nearest ones), it is no array of numbers, it
  /// claims more bytes than the file can hold, memory is short, or it is damaged.
  at::Tensor read(const std::string& name) const;

  /// Some rows (indices along the first dimension), so that a dataset may be larger than memory.
  /// REQUIRES: `rows` ascend strictly. Throws Error as `read`, or if a row is not there.
  at::Tensor read_rows(const std::string& name, std::span<const int64_t> rows) const;

  const std::string& where() const { return where_; }

 private:
  at::Tensor read_part(const VariableInfo& variable, std::span<const int64_t> rows) const;

  std::filesystem::path path_;
  std::string where_;
  int64_t file_bytes_ = 0;
  std::vector<hdf5::Object> objects_;
};

}  // namespace fmri2img::io
