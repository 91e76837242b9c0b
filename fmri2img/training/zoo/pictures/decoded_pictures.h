#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// A simulated subject to practise on: its test pictures are decoded by decoders of its training pictures. Each subject
/// sees scenes of its own.
struct PracticeSubject {
  int64_t number = 1;
  int64_t vertices = 2400;
  int64_t train = 3000;
  int64_t test = 4000;
  double ncsnr = 0.5;  ///< as SubjectSettings
};

/// Who decodes: a ridge decoder for each ROI expression, and a small neural decoder of all vertices.
struct PracticeDecoders {
  std::vector<std::string> ridge = {"none", "set1", "set2", "set3"};
  bool mlp = false;
};

/// The low-level pictures of practice subjects, with the captions of what the subjects saw: how a captioner will meet
/// pictures.
///
/// The subjects with their latents, decoders and decoded pictures are made in `folder`, by the autoencoder in `vae`;
/// what is whole there already is not made again. The pictures stay in mapped files. Throws Error as what makes them,
/// and (interrupted) if the user asked to stop.
std::unique_ptr<CaptionedPictures> decoded_pictures(const std::filesystem::path& folder,
                                                    std::span<const PracticeSubject> subjects,
                                                    const PracticeDecoders& decoders,
                                                    const std::filesystem::path& vae);

}  // namespace fmri2img::training
