#pragma once

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/latent_decoder.h"
#include "fmri2img/reconstruction/ensemble/members.h"
#include "tests/support/made_subject.h"

namespace fmri2img::experiments {

/// Predicts a fixed linear map of the responses: latents [n, 1, 2, 2] = responses x weights [K, 4].
class LinearDecoder : public decoding::LatentDecoder {
 public:
  explicit LinearDecoder(at::Tensor weights) : weights_(std::move(weights)) {}
  at::Tensor predict(const at::Tensor& responses) override { return at::mm(responses, weights_).view({-1, 1, 2, 2}); }

 private:
  at::Tensor weights_;
};

/// A member whose decoder is nowhere on disk: for what only its record decides.
inline reconstruction::Member recorded_member(const data::Subject& subject,
                                              std::vector<int64_t> train,
                                              std::vector<int64_t> validation,
                                              std::vector<int64_t> held_out) {
  reconstruction::Member member{"92", "92", {}};
  member.record.kind = validation.empty() ? "ridge" : "mlp";
  member.record.subject_fingerprint = subject.fingerprint();
  member.record.vertices = data::select_vertices(subject, "none");
  member.record.train_rows = std::move(train);
  member.record.validation_rows = std::move(validation);
  member.record.held_out_rows = std::move(held_out);
  return member;
}

}  // namespace fmri2img::experiments
