#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/data/roi.h"
#include "fmri2img/decoding/latent_decoder.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::decoding {

/// What a decoder knows about itself besides its weights: whose responses it reads, which of them, and what it saw.
struct DecoderRecord {
  std::string kind;                       ///< "ridge" or "mlp"
  std::string subject;                    ///< the subject's name, for people
  std::string subject_fingerprint;        ///< `Subject::fingerprint`: what decides whether a subject is the same
  data::VertexSelection vertices;         ///< the columns of the responses that `predict` expects, in order
  Json codec;                             ///< `LatentCodec::config`, for `models::make_codec`
  models::LatentShape latent_shape;       ///< of one prediction
  std::vector<int64_t> train_rows;        ///< rows of the training split that the weights were fitted to
  std::vector<int64_t> validation_rows;   ///< rows that only stopped or chose the training; empty for ridge
  std::vector<int64_t> held_out_rows;     ///< rows that --hold-out took out before any split
  Json training = Json::object();         ///< settings and figures of the training, for people and for resuming
  std::vector<std::string> command_line;  ///< as typed
};

/// Writes `config.json`, `model.safetensors` and `training.json` (doc/formats/decoder.md) into the existing `folder`,
/// the weights first and `config.json` last, each atomically: a folder with a config is a whole decoder. `kind_config`
/// is what the decoder's kind needs to rebuild itself, kept under the kind's name.
void write_decoder(const std::filesystem::path& folder,
                   const DecoderRecord& record,
                   const io::StateDict& weights,
                   const Json& kind_config);

/// Throws Error if the folder is not a whole decoder, or is of a format version that this program does not know.
DecoderRecord read_record(const std::filesystem::path& folder);

/// The kind's own part of `config.json`, as given to `write_decoder`.
Json read_kind_config(const std::filesystem::path& folder);

/// The decoder in `folder`, whichever its kind.
std::unique_ptr<LatentDecoder> load_decoder(const std::filesystem::path& folder);

/// Throws Error (mismatch) unless `record` was trained on this very subject and its expression still selects the same
/// vertices there. The message names each of subject, vertex count and mask that differs, found and expected.
void require_match(const DecoderRecord& record, const data::Subject& subject);

}  // namespace fmri2img::decoding
