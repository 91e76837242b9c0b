#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/ensemble/members.h"

namespace fmri2img::reconstruction {

/// One decoder of a published ensemble: how it was trained.
struct PresetModel {
  std::string name;  ///< of its folder
  std::string roi;
  uint64_t seed;  ///< of the weights and of the 70/30 split
  int64_t batch;
};

/// A published ensemble.
struct Preset {
  std::string name;
  std::vector<PresetModel> models;
  int64_t epochs;
  std::string scheduler;
};

/// "four-model-vote": models 92, 94, 97 and 100 of the original, 50 PNDM steps.
/// Throws Error (wrong usage) that lists the presets for any other name.
const Preset& find_preset(const std::string& name);

/// The preset's decoder folders below `decoders`. Throws Error (wrong usage) where one is missing; the message holds
/// the command that makes it.
std::vector<std::filesystem::path> preset_folders(const Preset& preset,
                                                  const std::filesystem::path& decoders,
                                                  const std::filesystem::path& subject);

/// Throws Error (mismatch) naming decoder and field (kind, ROI, split seed, batch) where a member was not trained as
/// the preset says.
void require_preset(const Preset& preset, const std::vector<Member>& members, const data::Subject& subject);

}  // namespace fmri2img::reconstruction
