#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fmri2img/experiments/decoder_parts.h"
#include "fmri2img/findings/finding.h"
#include "fmri2img/reconstruction/job.h"

namespace fmri2img::experiments {

/// What a high-level image is compared with.
enum class SimilarityTarget {
  kLatents,  ///< the codec's decode of the stored latents, as published
  kPicture,  ///< the picture itself
};

/// What experiment 3 works on.
struct SimilarityJob {
  /// Everything of a guided run but members and trials, which are each decoder's own. REQUIRES: guided.
  reconstruction::ReconstructionJob run;
  std::vector<reconstruction::Member> members;
  int64_t count = 100;  ///< first rows of each part
  SimilarityTarget target = SimilarityTarget::kLatents;
};

/// Throws Error (mismatch) where decoders are of different codecs and the target is the latents: their pictures would
/// not compare.
void check_similarity_job(const SimilarityJob& job);

/// Experiment 3: the CLIP cosine of each row's high-level image and its target. Each decoder and part (`parts_of`) is a
/// guided run of one decoder below `runs/`, which goes on where it stopped; decoded latents are kept below `targets/`,
/// finished similarities below `rows/`.
///
/// Images have the seeds of a run with that decoder alone. Throws Error as `reconstruct`.
std::vector<PartValues> target_similarities(const SimilarityJob& job, const std::filesystem::path& folder);

/// One line a decoder and part: decoder, part, rows, similarity, low, high.
std::string similarities_csv(const std::vector<PartValues>& parts, uint64_t seed);

findings::Finding similarities_finding(const std::vector<PartValues>& parts, SimilarityTarget target, uint64_t seed);

}  // namespace fmri2img::experiments
