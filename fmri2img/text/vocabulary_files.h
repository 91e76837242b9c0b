#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/text/vocabulary.h"

namespace fmri2img::text {

/// What the folders of both kinds of tokenizers have in common.

/// Makes the folder. Throws Error if that fails, or if `max_length` (wrong usage) leaves no room for a text.
void make_vocabulary_folder(const std::filesystem::path& folder, int64_t max_length);

/// REQUIRES: the ids are 0 .. number of tokens - 1.
std::vector<std::string> tokens_by_id(const Vocabulary& vocabulary);

/// Writes special_tokens_map.json with `special`, and tokenizer_config.json with the same and what else transformers
/// asks for.
void write_tokenizer_settings(const std::filesystem::path& folder,
                              const std::string& tokenizer_class,
                              const Json& special,
                              int64_t max_length);

}  // namespace fmri2img::text
