#include "fmri2img/decoding/ridge/train_ridge.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/ridge/choose_ridge.h"
#include "fmri2img/decoding/ridge/encoding_scores.h"
#include "fmri2img/decoding/ridge/linear_ridge.h"
#include "fmri2img/decoding/ridge/picture_prior.h"
#include "fmri2img/decoding/ridge/ridge_decoder.h"
#include "fmri2img/statistics/correlation.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kScoringComponents = 50;

/// Beyond the inputs: z-scores of the responses, Gram matrix, its vectors and the eigensolver's workspace, the centred
/// targets and two blocks of coefficients.
int64_t fit_numbers(int64_t n, int64_t k, int64_t values) {
  const int64_t r = std::min(n, k);
  return n * k + 5 * r * r + 2 * n * values + r * values;
}

void require_memory_for(int64_t numbers, int64_t n, int64_t k) {
  require_memory(numbers * int64_t{sizeof(float)},
                 "ridge on " + format_count(n) + " x " + format_count(k) + " responses",
                 "choose a ROI set with --roi or fewer rows with --train-rows");
}

/// The best-encoded vertices, ascending.
at::Tensor best_vertices(const at::Tensor& responses, const at::Tensor& targets, int64_t count) {
  if (count == responses.size(1)) {
    return at::arange(count, at::kLong);
  }
  const TargetComponents components = TargetComponents::fit(targets, kScoringComponents);
  const at::Tensor order = encoding_scores(responses, components.scores(targets)).argsort(0, /*descending=*/true);
  return std::get<0>(order.narrow(0, 0, count).sort());
}

/// Factors that undo the shrinkage of held-out predictions: sd of the truth / sd of the prediction, per component.
void rescale(LinearRidge& model, const at::Tensor& targets, const HeldOutPredictions& held_out) {
  const at::Tensor truth = targets.index_select(0, at::tensor(held_out.rows, at::kLong));
  const auto spread = [&](const at::Tensor& x) {
    const at::Tensor centred = x - model.mean;
    return (model.readout.defined() ? at::mm(centred, model.readout.t()) : centred).std(0, /*unbiased=*/false);
  };
  // A component that is hardly predicted at all stays so: its factor would only enlarge noise.
  const at::Tensor factor = (spread(truth) / spread(held_out.predicted).clamp_min(1e-12)).clamp(1, 4);
  model.weights.mul_(factor);
}

struct Trained {
  LinearFit fit;
  std::optional<PicturePrior> prior;
  RidgeSummary summary;
};

void choose_prior(Trained& trained,
                  const at::Tensor& targets,
                  const DecoderRecord& record,
                  const HeldOutPredictions& held_out,
                  uint64_t seed) {
  const PicturePriorChoice choice = choose_picture_prior(targets, record.latent_shape, held_out, seed);
  trained.summary.details["picture_prior"] = choice.candidates;
  trained.summary.correlation = choice.correlation;
  trained.summary.error = choice.error;
  if (choice.settings) {
    trained.prior = PicturePrior::fit(targets,
                                      record.latent_shape,
                                      held_out.predicted,
                                      targets.index_select(0, at::tensor(held_out.rows, at::kLong)),
                                      *choice.settings);
  }
}

Trained fit_all(const RidgeTrainingData& data, const RidgeTrainingOptions& options, const DecoderRecord& record) {
  const at::Tensor targets = data.latents.reshape({data.latents.size(0), -1});
  const RidgeSettings settings = parse_settings(options, data.responses.size(0), data.responses.size(1));
  const RidgeChoice choice = choose_ridge(data.responses, targets, options);
  const at::Tensor vertices = best_vertices(data.responses, targets, choice.vertices);
  const TargetComponents components = TargetComponents::fit(targets, choice.components);
  PenaltyRule rule{settings.penalty, {}};
  if (settings.penalty_by_folds) {
    rule.folds = make_folds(targets.size(0), settings.folds, options.seed);
  }
  log_info("fitting the chosen decoder on all {} rows", format_count(targets.size(0)));
  Trained trained{fit_linear_ridge(data.responses, vertices, targets, components, rule), std::nullopt, {}};
  const at::Tensor truth = targets.index_select(0, at::tensor(choice.held_out.rows, at::kLong));
  trained.summary = {
      .rows = targets.size(0),
      .vertices = choice.vertices,
      .components = choice.components,
      .median_alpha = trained.fit.penalties.median().item<double>(),
      .correlation =
          at::nan_to_num(statistics::pearson_rows(choice.held_out.predicted, truth), 0.0).mean().item<double>(),
      .error = choice.error,
      .details = {{"vertices_and_components", choice.candidates}},
  };
  if (options.rescale) {
    rescale(trained.fit.model, targets, choice.held_out);
  } else if (record.codec.value("name", "") == "pixels") {
    choose_prior(trained, targets, record, choice.held_out, options.seed);
  }
  return trained;
}

/// Throws Error where nothing can be learnt: all pictures of the training rows are one.
void require_differences(const at::Tensor& latents) {
  if (latents.size(0) < 2) return;  // the fit says that these are too few
  for (int64_t row = 1; row < latents.size(0); ++row) {
    if (!latents[row].equal(latents[0])) return;
  }
  fail(ErrorKind::kBadInput,
       "the {} training pictures are all the same, so that there is nothing to learn from them: look at the pictures, "
       "or choose other rows with --train-rows",
       format_count(latents.size(0)));
}

Json settings_json(const RidgeTrainingOptions& options, const RidgeSummary& summary) {
  return {{"alpha", options.alpha},
          {"components", options.components},
          {"vertices", options.vertices},
          {"folds", options.folds},
          {"rescale", options.rescale},
          {"seed", options.seed},
          {"chosen_vertices", summary.vertices},
          {"chosen_components", summary.components},
          {"median_alpha", summary.median_alpha},
          {"cross_validated_correlation", summary.correlation},
          {"cross_validated_mse", summary.error},
          {"candidates", summary.details}};
}

}  // namespace

void require_room_for_ridge(int64_t n, int64_t k, int64_t values) {
  require_memory_for(n * (k + values) + fit_numbers(n, k, values), n, k);
}

RidgeSummary train_ridge(const RidgeTrainingData& data,
                         const RidgeTrainingOptions& options,
                         DecoderRecord record,
                         const std::filesystem::path& out) {
  const at::NoGradGuard no_gradients;
  const int64_t n = data.responses.size(0);
  const int64_t k = data.responses.size(1);
  FMRI2IMG_ASSERT(data.latents.dim() == 4 && data.latents.size(0) == n);
  require_memory_for(fit_numbers(n, k, data.latents[0].numel()), n, k);
  require_differences(data.latents);
  Standardisation::fit(data.responses);  // every vertex, before some are chosen: a NaN is named by its own number
  record.kind = "ridge";
  record.latent_shape = {data.latents.size(1), data.latents.size(2), data.latents.size(3)};
  Trained trained = fit_all(data, options, record);
  record.training = settings_json(options, trained.summary);
  log_info(
      "ridge: {} of {} vertices, {} components, penalty {:.3g} (median), cross-validated correlation {:.3f}, mse "
      "{:.4f}{}",
      format_count(trained.summary.vertices),
      format_count(k),
      trained.summary.components == 0 ? std::string("no") : std::to_string(trained.summary.components),
      trained.summary.median_alpha,
      trained.summary.correlation,
      trained.summary.error,
      trained.prior ? ", picture prior" : "");
  const RidgeDecoder decoder(std::move(trained.fit.model), std::move(trained.prior), k, record.latent_shape);
  write_decoder(out, record, decoder.state(), decoder.config());
  return trained.summary;
}

RidgeSummary train_ridge(const data::Subject& subject,
                         at::Tensor latents,
                         const RidgeTrainingOptions& options,
                         DecoderRecord record,
                         const std::filesystem::path& out) {
  const auto n = static_cast<int64_t>(record.train_rows.size());
  const auto k = static_cast<int64_t>(record.vertices.columns.size());
  FMRI2IMG_ASSERT(latents.dim() == 4 && latents.size(0) == n);
  require_memory_for(n * k + fit_numbers(n, k, latents[0].numel()), n, k);
  RidgeTrainingData data;
  data.responses = subject.responses(data::Partition::kTrain).gather(record.train_rows, record.vertices.columns);
  data.latents = std::move(latents);
  return train_ridge(data, options, std::move(record), out);
}

}  // namespace fmri2img::decoding
