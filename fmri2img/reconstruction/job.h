#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/decoding/latent_decoder.h"
#include "fmri2img/diffusion/image_refiner.h"
#include "fmri2img/models/captioner.h"
#include "fmri2img/models/image_embedder.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/reconstruction/ensemble/members.h"
#include "fmri2img/reconstruction/trials.h"
#include "fmri2img/reconstruction/voting/votes.h"

namespace fmri2img::reconstruction {

/// How the models are opened. Each is opened when its stage begins, only if the stage has something to do, and freed
/// when it is over: peak memory is that of the largest one.
struct ModelOpeners {
  std::function<std::unique_ptr<decoding::LatentDecoder>(const Member&)> decoder;
  std::function<std::unique_ptr<models::LatentCodec>(const Json& config)> codec;  ///< from `DecoderRecord::codec`
  std::function<std::unique_ptr<models::Captioner>()> captioner;
  std::function<std::unique_ptr<diffusion::ImageRefiner>()> refiner;
  std::function<std::unique_ptr<models::ImageEmbedder>()> embedder;
};

/// Everything that a reconstruction needs. The subject outlives it.
struct ReconstructionJob {
  const data::Subject& subject;
  std::vector<Member> members;
  Trials trials;
  std::string trials_text;  ///< as typed, for the record
  ModelOpeners open;

  bool guided = false;  ///< captions, high-level images and a vote; else the low-level pictures alone
  Vote vote = Vote::kLowHigh;
  std::vector<Vote> votes;   ///< computed and recorded; `vote` is among them
  uint64_t seed = 42;        ///< of the run: each image has its own from it, see `image_seed`
  int64_t batch = 4;         ///< pictures at a time in captions and refinement; decides nothing but time and memory
  int64_t evaluations = 38;  ///< of the refiner's network for one image, as its sampler counts them: for the time left

  bool computes(Vote asked) const;
};

/// Whatever makes a picture of a trial: the members, then "average" where that vote is computed.
std::vector<std::string> candidate_names(const ReconstructionJob& job);

/// Throws Error (mismatch) for what can be known before anything is made: members whose latents cannot be averaged, too
/// few common training rows for the encoding model.
void check_job(const ReconstructionJob& job);

/// Opens the members' codecs, one at a time. Throws Error as the opener does, and (mismatch) if their pictures differ
/// in size. For the beginning of a run: what it finds would else be found when the first pictures are there.
void check_codecs(const ReconstructionJob& job);

/// Common training rows below which an encoding model is not fitted, and above which evenly spaced ones are: embedding
/// a picture costs a second on a processor, and more rows change little.
inline constexpr int64_t kFewestEncodingRows = 10;
inline constexpr int64_t kMostEncodingRows = 2000;

}  // namespace fmri2img::reconstruction
