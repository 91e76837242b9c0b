#pragma once

#include <filesystem>
#include <functional>

#include "fmri2img/io/state_dict.h"

namespace fmri2img::io {

/// True for a name that ends in `.index.json`: the list of the files over which a large model is spread.
bool is_shard_index(const std::filesystem::path& path);

/// The tensors of every file that the index names in its `weight_map` (tensor -> file beside the index), each file read
/// once by `read_shard`. Throws Error if a file name is not a plain name, or a tensor is not in the file named for it.
StateDict read_shards(const std::filesystem::path& index,
                      const std::function<StateDict(const std::filesystem::path&)>& read_shard);

/// The file in which the index places a tensor; the index itself for a tensor that it does not name. Throws as above.
FileOfTensor file_of_shards(const std::filesystem::path& index);

}  // namespace fmri2img::io
