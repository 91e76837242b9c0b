#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/ensemble/preset.h"
#include "fmri2img/reconstruction/voting/votes.h"

namespace fmri2img::reconstruction {

/// What a command line or an ensemble file says; what it does not say is empty. Names as those of the options.
struct EnsembleOptions {
  std::optional<std::string> preset, decoders;
  std::vector<std::string> decoder;
  std::optional<std::string> zoo, stable_diffusion, clip, blip, codec_model;
  std::optional<double> strength, guidance, guidance_until;
  std::optional<int64_t> steps, reuse_features;
  std::optional<std::string> negative, scheduler, caption_input;
  std::optional<int64_t> max_new_tokens, beams;
  std::optional<std::string> vote;
  std::vector<std::string> votes;
  std::optional<uint64_t> seed;
};

/// Reads an ensemble's TOML file (doc/formats/ensemble.md). Relative paths are relative to the file.
/// Throws Error naming file and line or key for what is not TOML, an unknown key (with the nearest) or a value of
/// another type.
EnsembleOptions read_ensemble_file(const std::filesystem::path& path);

/// `typed`, and `file` where that says nothing. Decoders, a preset and its folder come from one of the two as a whole.
EnsembleOptions merge_options(const EnsembleOptions& typed, const EnsembleOptions& file);

/// How captions are made.
struct CaptionSettings {
  std::string input = "processor";  ///< "raw255" reproduces the original's bug
  int64_t max_new_tokens = 20;
  int64_t beams = 1;
};

/// How the high-level images are made: the settings of diffusion::Img2ImgOptions.
struct RefineSettings {
  double strength = 0.75;
  double guidance = 6;
  int64_t steps = 50;
  std::string negative;
  std::string scheduler;  ///< "": the model folder's
  double guidance_until = 1;
  int64_t reuse_features = 1;
};

/// Every choice made: what a run does.
struct Ensemble {
  std::optional<Preset> preset;
  std::vector<std::filesystem::path> decoders;
  std::filesystem::path stable_diffusion, clip, blip;  ///< empty for a run that stops at the low-level pictures
  std::optional<std::filesystem::path> codec_model;
  CaptionSettings caption;
  RefineSettings refine;
  Vote vote = Vote::kLowHigh;
  std::vector<Vote> votes;  ///< computed and recorded, in the order of the tables; none without high-level images
  uint64_t seed = 42;

  /// What decides the result, for the manifest.
  Json settings(bool guided) const;
};

/// Fills in what was not said. `guided`: with captions, high-level images and a vote. The codec's weights are those of
/// --codec-model, else Stable Diffusion's.
///
/// Throws Error (wrong usage) for decoders given twice or not at all, a preset without its folder, a model folder that
/// is needed and not given, an unknown vote, scheduler or caption input, and a number out of its range; Error (bad
/// input) for a model folder that is not there.
Ensemble make_ensemble(const EnsembleOptions& options, bool guided, const std::filesystem::path& subject);

}  // namespace fmri2img::reconstruction
