#pragma once

#include <memory>
#include <string>

#include "fmri2img/training/zoo/pictures/captioned_pictures.h"
#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

// Decoded pictures for the models that look at them in the pipeline: CLIP's image tower and BLIP. The subjects, their
// latents and decoders are made in the job's `training/practice`, by its autoencoder, when they are first asked for.

/// The low-level pictures of practice subjects, by ridge decoders of all vertices and three ROI sets and a neural one.
/// Throws Error as `decoded_pictures`, and if the zoo has no autoencoder; `learner` names who asks.
std::unique_ptr<CaptionedPictures> practice_pictures(const ZooJob& job, const char* learner);

/// The low-level pictures of a subject that nobody practises on, by the ridge decoder of `roi`. Throws Error likewise.
std::unique_ptr<CaptionedPictures> examined_pictures(const ZooJob& job, const std::string& roi, const char* learner);

}  // namespace fmri2img::training
