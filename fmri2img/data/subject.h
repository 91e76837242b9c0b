#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "fmri2img/data/layout.h"
#include "fmri2img/data/pictures.h"
#include "fmri2img/data/responses.h"
#include "fmri2img/data/roi.h"

namespace fmri2img::data {

/// One subject's folder in the Algonauts 2023 layout, in any of its variants (doc/formats/subject.md).
///
/// Opening reads headers and folder listings only: milliseconds for a full-size subject. Copies share everything.
class Subject {
 public:
  /// Throws Error if the folder holds no training responses, a hemisphere is missing, the hemispheres differ in rows or
  /// vertices between the partitions, or there are pictures but not one for each row.
  static Subject open(const std::filesystem::path& folder);

  /// The folder's own name: "subj01".
  const std::string& name() const;
  const std::filesystem::path& path() const;

  int64_t num_vertices() const;

  /// Rows of the responses, or the number of pictures of a partition without responses; 0 where there is neither.
  int64_t num_rows(Partition partition) const;

  bool has_responses(Partition partition) const;
  bool has_pictures(Partition partition) const;

  /// Throws Error, saying where they were looked for, if the partition has none.
  const Responses& responses(Partition partition) const;
  const Pictures& pictures(Partition partition) const;

  /// Read at the first call; empty for a subject without ROI files. Throws Error as `read_roi_atlas`.
  const RoiAtlas& rois() const;

  /// `training_split/fMRI_VAE.npy`, where it exists. Read it with `Latents`.
  std::optional<std::filesystem::path> latents() const;

  /// Identity of the training responses: equal for equal files, whatever the folder is called.
  const std::string& fingerprint() const;

 private:
  struct State;
  explicit Subject(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

/// `select_vertices` on this subject; an error says which subject it was.
VertexSelection select_vertices(const Subject& subject, const std::string& expression);

}  // namespace fmri2img::data
