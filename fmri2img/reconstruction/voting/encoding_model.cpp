#include "fmri2img/reconstruction/voting/encoding_model.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/decoding/ridge/encoding_scores.h"
#include "fmri2img/decoding/ridge/linear_ridge.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/statistics/correlation.h"

namespace fmri2img::reconstruction {
namespace {

constexpr const char* kModelFile = "model.safetensors";
constexpr int64_t kScoringComponents = 50;

at::Tensor unit_length(const at::Tensor& rows) {
  return rows / rows.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-30);
}

/// Positions of the vertices that know something about the pictures.
at::Tensor informative_vertices(const at::Tensor& inputs, const at::Tensor& responses) {
  const auto components = decoding::TargetComponents::fit(inputs, kScoringComponents);
  const at::Tensor scores = decoding::encoding_scores(responses, components.scores(inputs));
  at::Tensor kept = (scores > 0).nonzero().flatten();
  log_info("encoding model: {} of {} vertices are predicted from the pictures",
           format_count(kept.size(0)),
           format_count(responses.size(1)));
  if (kept.size(0) > 0) return kept;
  log_warning("encoding model: no vertex is predicted from the pictures; the vote \"encoder\" will say little");
  return at::arange(responses.size(1), at::kLong);
}

}  // namespace

EncodingModel EncodingModel::fit(const at::Tensor& embeddings,
                                 const at::Tensor& responses,
                                 const std::vector<int64_t>& columns) {
  const at::NoGradGuard no_gradients;
  FMRI2IMG_ASSERT(embeddings.size(0) == responses.size(0) && responses.size(1) == static_cast<int64_t>(columns.size()));
  const at::Tensor inputs = unit_length(embeddings);
  decoding::Standardisation::fit(responses);  // names a vertex that is not finite by its own number
  const at::Tensor kept = informative_vertices(inputs, responses);
  at::Tensor targets = responses.index_select(1, kept);
  const auto scale = decoding::Standardisation::fit(targets);
  scale.apply_in_place(targets);
  decoding::LinearRidge ridge =
      decoding::fit_linear_ridge(
          inputs, at::arange(inputs.size(1), at::kLong), targets, {at::zeros({targets.size(1)}, at::kFloat), {}}, {})
          .model;
  EncodingModel model;
  for (int64_t i = 0; i < kept.size(0); ++i)
    model.columns_.push_back(columns[static_cast<size_t>(kept[i].item<int64_t>())]);
  model.input_mean_ = ridge.standardisation.mean;
  model.input_scale_ = ridge.standardisation.inverse_scale;
  model.weights_ = ridge.readout.defined() ? at::mm(ridge.weights, ridge.readout) : ridge.weights;
  model.response_mean_ = scale.mean;
  model.response_scale_ = scale.inverse_scale;
  return model;
}

void EncodingModel::write(const std::filesystem::path& folder) const {
  io::write_safetensors(folder / kModelFile,
                        {{"columns", at::tensor(columns_, at::kLong)},
                         {"input_mean", input_mean_},
                         {"input_inverse_scale", input_scale_},
                         {"weights", weights_.contiguous()},
                         {"response_mean", response_mean_},
                         {"response_inverse_scale", response_scale_}});
}

EncodingModel EncodingModel::read(const std::filesystem::path& folder) {
  const io::SafetensorsFile file(folder / kModelFile);
  EncodingModel model;
  const at::Tensor columns = file.tensor("columns").contiguous();
  FMRI2IMG_CHECK(columns.dim() == 1 && columns.scalar_type() == at::kLong,
                 "\"{}\": \"columns\" is not a list of vertices: remove the folder, and run the same command again",
                 (folder / kModelFile).string());
  model.columns_.assign(columns.const_data_ptr<int64_t>(), columns.const_data_ptr<int64_t>() + columns.numel());
  model.input_mean_ = file.tensor("input_mean");
  model.input_scale_ = file.tensor("input_inverse_scale");
  model.weights_ = file.tensor("weights");
  model.response_mean_ = file.tensor("response_mean");
  model.response_scale_ = file.tensor("response_inverse_scale");
  return model;
}

at::Tensor EncodingModel::predict(const at::Tensor& embeddings) const {
  const at::NoGradGuard no_gradients;
  const at::Tensor inputs = (unit_length(embeddings) - input_mean_) * input_scale_;
  return at::mm(inputs, weights_);
}

std::vector<double> EncodingModel::correlations(const at::Tensor& embeddings, const at::Tensor& response) const {
  const at::NoGradGuard no_gradients;
  const at::Tensor predicted = predict(embeddings);
  const at::Tensor measured = ((response - response_mean_) * response_scale_).unsqueeze(0).expand_as(predicted);
  const at::Tensor result = statistics::pearson_rows(predicted, measured);
  return {result.const_data_ptr<double>(), result.const_data_ptr<double>() + result.numel()};
}

}  // namespace fmri2img::reconstruction
