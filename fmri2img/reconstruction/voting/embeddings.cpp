#include "fmri2img/reconstruction/voting/embeddings.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/safetensors.h"

namespace fmri2img::reconstruction {
namespace {

at::Tensor unit_vectors(const at::Tensor& rows) {
  const at::Tensor values = rows.to(at::kDouble);
  return values / values.norm(2, {-1}, /*keepdim=*/true).clamp_min(1e-30);
}

std::vector<double> to_vector(const at::Tensor& values) {
  const at::Tensor whole = values.contiguous();
  return {whole.const_data_ptr<double>(), whole.const_data_ptr<double>() + whole.numel()};
}

}  // namespace

void write_embeddings(const std::filesystem::path& path, const TrialEmbeddings& embeddings) {
  io::StateDict tensors{{"low", embeddings.low.contiguous()}, {"high", embeddings.high.contiguous()}};
  if (embeddings.target.defined()) tensors["target"] = embeddings.target.contiguous();
  io::write_safetensors(path, tensors);
}

TrialEmbeddings read_embeddings(const std::filesystem::path& path, int64_t candidates) {
  const io::SafetensorsFile file(path);
  TrialEmbeddings embeddings{{}, file.tensor("low"), file.tensor("high")};
  const at::Tensor& low = embeddings.low;
  FMRI2IMG_CHECK(low.dim() == 2 && low.size(0) == candidates && low.sizes() == embeddings.high.sizes() &&
                     low.scalar_type() == at::kFloat,
                 "\"{}\" does not hold the embeddings of {} candidates: remove it, and run the same command again",
                 path.string(),
                 candidates);
  if (file.entries().contains("target")) embeddings.target = file.tensor("target");
  return embeddings;
}

TrialCosines cosines_of(const TrialEmbeddings& embeddings) {
  const at::Tensor low = unit_vectors(embeddings.low);
  const at::Tensor high = unit_vectors(embeddings.high);
  TrialCosines cosines;
  cosines.low_high = to_vector((low * high).sum(1));
  const at::Tensor product = at::mm(high, high.t());
  cosines.high_high = (product + product.t()) / 2;  // a tie of two must be one
  if (embeddings.target.defined()) {
    const at::Tensor target = unit_vectors(embeddings.target);
    cosines.low_target = to_vector(at::mv(low, target));
    cosines.high_target = to_vector(at::mv(high, target));
  }
  return cosines;
}

}  // namespace fmri2img::reconstruction
