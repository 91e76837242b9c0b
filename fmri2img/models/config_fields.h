#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::models {

/// What the `config.json` files of autoencoders have in common.

inline constexpr int64_t kColours = 3;
inline constexpr int64_t kMostChannels = 4096;
inline constexpr int64_t kMostLatentChannels = 32;
inline constexpr int64_t kLongestSampleSide = 8192;

/// Keys of diffusers' autoencoders that do not change what is computed here: where the file came from, and the float
/// type that a pipeline would prefer.
inline const std::vector<std::string> kInertModelKeys = {
    "_class_name", "_diffusers_version", "_name_or_path", "force_upcast"};

/// A number from 1 to `most`, `fallback` where the key is absent. Throws Error naming file and key.
int64_t read_count(JsonFields& fields, const std::string& key, int64_t fallback, int64_t most);

/// Throws Error unless "block_out_channels" has one to eight entries, each a multiple of `groups` up to kMostChannels.
void check_block_channels(const std::vector<int64_t>& blocks, int64_t groups, const std::string& where);

/// "scaling_factor": positive and finite.
double read_scaling_factor(JsonFields& fields, double fallback);

/// "sample_size", one number or [height, width]; nothing where it is absent.
std::optional<std::pair<int64_t, int64_t>> read_sample_size(JsonFields& fields);

}  // namespace fmri2img::models
