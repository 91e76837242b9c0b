#pragma once

#include <filesystem>
#include <string>

#include "fmri2img/decoding/latent_decoder.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/trials.h"

namespace fmri2img::reconstruction {

/// Everything that a low-level reconstruction needs. The references outlive the call.
struct LowLevelJob {
  const data::Subject& subject;
  const decoding::DecoderRecord& record;
  decoding::LatentDecoder& decoder;
  models::LatentCodec& codec;
  std::string model;  ///< name of this model in the results
  Trials trials;
  std::string trials_text;  ///< as typed, for the record
};

/// Responses -> latents -> 8-bit pictures, for each trial; then the targets at the same size, the mean training picture
/// and the tables, all in `folder` (doc/formats/results.md).
///
/// Pictures are the codec's output times 255, truncated. Each is on disk before the next batch begins, and one that is
/// there already is not made again: a run that was cut off goes on where it stopped. A picture does not depend on its
/// batch. Throws Error (interrupted) between batches if the user asked to stop.
Results reconstruct_low_level(const LowLevelJob& job, const std::filesystem::path& folder);

}  // namespace fmri2img::reconstruction
