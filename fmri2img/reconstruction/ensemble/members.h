#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"

namespace fmri2img::reconstruction {

/// The candidate that the mean of all members' latents gives; no decoder may have this name.
inline constexpr const char* kAverageName = "average";

/// One decoder of an ensemble.
struct Member {
  std::string name;  ///< its folder's name: what the results call it
  std::filesystem::path folder;
  decoding::DecoderRecord record;
};

/// The decoders in `folders`, in the order given. An ensemble of one is one.
///
/// Throws Error (wrong usage) where two have one name or one is called "average", Error as `decoding::read_record`, and
/// (mismatch) where one was trained on another subject; the message names its folder.
std::vector<Member> read_members(const std::vector<std::filesystem::path>& folders, const data::Subject& subject);

/// Rows of the training split that every member was fitted to, ascending.
std::vector<int64_t> common_training_rows(const std::vector<Member>& members);

/// Every vertex that some member reads: ascending columns of the responses.
std::vector<int64_t> union_of_vertices(const std::vector<Member>& members);

/// Throws Error (mismatch) unless all members predict latents of one codec, shape and scale: only then they have a
/// mean.
void require_equal_latents(const std::vector<Member>& members);

}  // namespace fmri2img::reconstruction
