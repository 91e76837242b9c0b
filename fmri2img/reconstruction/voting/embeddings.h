#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <vector>

namespace fmri2img::reconstruction {

/// One trial's pictures as an image embedder sees them; candidates in the order of the run.
struct TrialEmbeddings {
  at::Tensor target;  ///< [D] float32: of the picture itself, at its own size; undefined where there is none
  at::Tensor low;     ///< [C, D] float32
  at::Tensor high;    ///< [C, D] float32
};

/// A .safetensors file with the tensors `target`, `low` and `high`, atomically.
void write_embeddings(const std::filesystem::path& path, const TrialEmbeddings& embeddings);

/// Throws Error naming the file if it does not hold the embeddings of `candidates` pictures.
TrialEmbeddings read_embeddings(const std::filesystem::path& path, int64_t candidates);

/// How alike one trial's pictures are, in double precision.
struct TrialCosines {
  std::vector<double> low_high;     ///< each candidate's low-level picture and its high-level one
  std::vector<double> low_target;   ///< empty without a target
  std::vector<double> high_target;  ///< empty without a target
  at::Tensor high_high;             ///< [C, C] double, exactly symmetric
};

TrialCosines cosines_of(const TrialEmbeddings& embeddings);

}  // namespace fmri2img::reconstruction
