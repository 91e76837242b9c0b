#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::training {

/// One run of `encode`: every training picture of a subject through a codec, into one .npy file. The references outlive
/// the call.
struct EncodeJob {
  const data::Subject& subject;
  models::LatentCodec& codec;
  std::string model;                    ///< the codec's folder, for the record
  std::string dtype;                    ///< "fp32" or "bf16", for the record
  std::optional<uint64_t> sample_seed;  ///< a sample of the posterior; none: its mean
  std::filesystem::path file;
  std::vector<std::string> command_line;  ///< as typed
  bool overwrite = false;
};

enum class EncodeOutcome { kEncoded, kWasDoneAlready };

/// Latents of every training picture: float32, N x 1 x C x h x w, and beside them their record
/// (doc/formats/latents.md).
///
/// Pictures go through the codec one by one, so a picture's latents depend on nothing but the picture, the codec and
/// the seed. A run that was cut off goes on where it stopped; the file has its name only when it is whole. Randomness:
/// with a seed, picture `i` draws from a generator seeded with `image_seed(seed, i, 0)`. Throws Error if the subject
/// has no training pictures, a picture cannot be read, its latents are not finite, the user interrupts, or the file
/// exists and is not the outcome of the same job (unless `overwrite`).
EncodeOutcome encode_pictures(const EncodeJob& job);

/// `fMRI_VAE.json` for `fMRI_VAE.npy`.
std::filesystem::path latents_record_file(const std::filesystem::path& latents_file);

/// The codec that made a file of latents, by the record beside it; nothing where there is no record. Throws Error if
/// the record is of another file.
std::optional<Json> read_latents_codec(const std::filesystem::path& latents_file);

}  // namespace fmri2img::training
