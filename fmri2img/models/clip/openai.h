#pragma once

#include <string>

#include "fmri2img/io/state_dict.h"

namespace fmri2img::models {

/// Whether these are the tensors of OpenAI's own CLIP files, by their names.
bool is_openai_clip(const io::StateDict& tensors);

/// The tensors of OpenAI's files under the names of transformers: packed query, key and value weights cut in three,
/// projections transposed. Numbers that are no weights (`input_resolution`, `context_length`, `vocab_size`) are left
/// out; a name that no such file has stays as it is, so that the loader complains of it.
/// Source: transformers, convert_clip_original_pytorch_to_hf.py. Throws Error if a packed weight cannot be cut.
io::StateDict rename_openai_tensors(const io::StateDict& tensors, const std::string& where);

}  // namespace fmri2img::models
