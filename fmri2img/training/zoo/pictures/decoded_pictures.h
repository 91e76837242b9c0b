#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// A simulated subject to practise on: its test pictures are decoded by decoders of its training pictures.
struct PracticeSubject {
  int64_t number = 1;
  int64_t train = 900;
  int64_t test = 2000;
  double ncsnr = 0.5;  ///< as SubjectSettings
  bool mlp = false;    ///< also by a neural decoder, beside the ridge decoders of the ROI sets
};

/// The low-level pictures of practice subjects, with the captions of what the subjects saw: how a captioner will meet
/// pictures. Their scenes are those of a seed of their own.
///
/// The subjects with their latents and decoders are made in `folder`, by the autoencoder in `vae`; what is whole there
/// already is not made again. Throws Error as what makes them, and (interrupted) if the user asked to stop.
std::unique_ptr<CaptionedPictures> decoded_pictures(const std::filesystem::path& folder,
                                                    std::span<const PracticeSubject> subjects,
                                                    const std::filesystem::path& vae);

}  // namespace fmri2img::training
