#pragma once

#include <filesystem>
#include <optional>

#include "fmri2img/reconstruction/job.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/voting/vote_table.h"

namespace fmri2img::reconstruction {

struct Reconstruction {
  Results results;
  std::optional<VoteTable> votes;  ///< where there was a vote and the trials have targets
};

/// Turns the responses of the job's trials into pictures, tables and, in a guided run, one answer a trial; all in the
/// existing `folder` (doc/formats/results.md).
///
/// Stage by stage: low-level pictures, captions, high-level images, embeddings, votes, strips. Each finished item is a
/// file of its own, on disk before the next batch begins, and one that is there is not made again: a run that was cut
/// off at any moment goes on where it stopped, without opening the models of stages that are done. Neither pictures nor
/// votes depend on the batch. Throws Error as `check_job`, (mismatch) for members whose pictures differ in size, and
/// (interrupted) between batches if the user asked to stop.
Reconstruction reconstruct(const ReconstructionJob& job, const std::filesystem::path& folder);

}  // namespace fmri2img::reconstruction
