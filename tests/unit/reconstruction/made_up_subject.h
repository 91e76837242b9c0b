#pragma once

#include <torch/torch.h>

#include <filesystem>

#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/data/subject_writer.h"

namespace fmri2img::reconstruction {

constexpr int64_t kSide = 4;
constexpr int64_t kVertices = kSide * kSide;

/// A subject whose responses are its pictures: vertex i is pixel i, in 0 .. 1. The last training picture repeats the
/// first.
inline data::Subject make_up_subject(const std::filesystem::path& folder, int64_t train_rows, int64_t test_rows) {
  data::SubjectWriter writer(folder, {.train_rows = train_rows, .test_rows = test_rows, .left_vertices = kVertices});
  at::Generator generator = make_generator(1);
  const auto write = [&](data::Partition partition, int64_t rows) {
    const at::Tensor pixels = at::randint(1, 255, {rows, kVertices}, generator, at::kByte);
    if (partition == data::Partition::kTrain) pixels[rows - 1].copy_(pixels[0]);
    if (rows > 0) writer.write_responses(partition, 0, pixels.to(at::kFloat) / 255);
    for (int64_t i = 0; i < rows; ++i) writer.write_picture(partition, i, pixels[i].view({kSide, kSide}));
  };
  write(data::Partition::kTrain, train_rows);
  if (test_rows > 0) write(data::Partition::kTest, test_rows);
  writer.commit();
  return data::Subject::open(folder);
}

}  // namespace fmri2img::reconstruction
