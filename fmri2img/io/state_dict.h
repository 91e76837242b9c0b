#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace fmri2img::io {

/// A model's weights: name -> tensor, on the CPU, in the type of the file.
///
/// Tensors that a reader made may share memory with each other and with the mapped file: writing to them never changes
/// the file, but clone before training on them.
using StateDict = std::map<std::string, at::Tensor>;

/// The weights of a file or folder.
///
/// A file is told apart by its content: safetensors, a PyTorch file of either format (the state dict itself, or a
/// checkpoint that holds it, see state_dict_of), or a shard index `*.safetensors.index.json` / `*.bin.index.json`.
/// In a folder the first kind that is there counts, in this order: a safetensors index, *.safetensors, a bin index,
/// *.bin,
/// *.pt, *.pth. Of several files of one kind those without a variant in their name (`model.fp16.safetensors`) count,
/// and they must be one. Throws Error naming the path if there is nothing to read, more than one choice, or a damaged
/// file.
StateDict read_state_dict(const std::filesystem::path& path);

/// The file that holds the tensor of a name, or should hold it: for messages.
using FileOfTensor = std::function<std::filesystem::path(const std::string& name)>;

/// Of weights in one file.
FileOfTensor all_in(const std::filesystem::path& file);

struct LocatedWeights {
  StateDict tensors;
  FileOfTensor
      file_of;  ///< of shards the one in which the index places the tensor; the index for what it does not name
};

/// As `read_state_dict`, and which file each tensor is from.
LocatedWeights read_located_weights(const std::filesystem::path& path);

}  // namespace fmri2img::io
