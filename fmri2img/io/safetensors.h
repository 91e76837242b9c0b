#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/state_dict.h"

namespace fmri2img::io {

/// A .safetensors file, memory-mapped: opening reads its header, a tensor's bytes are read when they are touched.
/// The format and what is refused: doc/formats/safetensors.md.
class SafetensorsFile {
 public:
  struct Entry {
    at::ScalarType dtype;
    std::vector<int64_t> shape;
    int64_t begin;  ///< byte offsets in the file
    int64_t end;
  };

  /// Throws Error naming file and tensor if the header is truncated, not JSON, or promises what the file does not hold:
  /// an unknown type, a shape that its bytes do not fit, offsets that overlap, leave a hole, or leave the file.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::map<std::string, Entry>& entries() const { return entries_; }

  /// The free-form texts under `__metadata__`.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  /// A tensor that looks into the mapping, no copy (bool, or data that is not aligned to its type: a copy). It keeps
  /// the mapping alive by itself. Throws Error with the nearest names if there is none of this name.
  at::Tensor tensor(const std::string& name) const;

 private:
  MappedFile file_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

/// Every tensor of a .safetensors file, or of all the shards that a `*.safetensors.index.json` names.
StateDict read_safetensors(const std::filesystem::path& path);

/// Writes `tensors` atomically, each streamed from where it lies. `metadata` becomes `__metadata__`; programs of
/// Hugging Face want {"format", "pt"} in it. Throws Error if the disk has no room, before anything is written.
void write_safetensors(const std::filesystem::path& path,
                       const StateDict& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace fmri2img::io
