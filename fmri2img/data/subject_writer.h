#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "fmri2img/data/layout.h"

namespace fmri2img::data {

/// Size of the subject to be written.
struct SubjectSize {
  int64_t train_rows = 0;
  int64_t test_rows = 0;  ///< 0: no test split
  bool test_responses = true;

  /// With hemispheres: vertices of each; without: `left_vertices` is the whole width and `right_vertices` is 0, and the
  /// responses are one `training_fmri.npy`.
  int64_t left_vertices = 0;
  int64_t right_vertices = 0;
};

/// Writes a subject's folder in the Algonauts layout piece by piece, so that it may be larger than memory.
///
/// Responses appear under their names at `commit`, whole; a run that was cut off leaves none.
class SubjectWriter {
 public:
  /// Makes the folders. Throws Error if the disk lacks the room for the responses or a folder cannot be made.
  SubjectWriter(std::filesystem::path folder, const SubjectSize& size);
  ~SubjectWriter();

  /// Rows first_row .. first_row + n - 1, without gaps from row 0 on. `responses` is float32 [n, vertices], the left
  /// hemisphere's columns first.
  void write_responses(Partition partition, int64_t first_row, const at::Tensor& responses);

  /// `picture` is uint8 [H, W, 3] or [H, W]; written as PNG. `nsd_id` goes into the name.
  void write_picture(Partition partition, int64_t row, const at::Tensor& picture, std::optional<int64_t> nsd_id = {});

  /// Gives the response files their names. REQUIRES: every row has been written.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fmri2img::data
