#include "commands/train_decoder.h"

#include <utility>
#include <vector>

#include "fmri2img/core/log.h"
#include "fmri2img/training/targets.h"

namespace fmri2img::commands {
namespace {

std::vector<int64_t> all_rows(const decoding::DecoderRecord& record) {
  std::vector<int64_t> rows = record.train_rows;
  rows.insert(rows.end(), record.validation_rows.begin(), record.validation_rows.end());
  return rows;
}

/// Fills in what the targets decide.
training::Targets targets_of(const data::Subject& subject, const std::string& codec, decoding::DecoderRecord& record) {
  training::Targets targets = training::load_targets(subject, codec, all_rows(record));
  record.codec = targets.codec;
  record.latent_shape = targets.shape;
  return targets;
}

}  // namespace

Json train_mlp_decoder(const data::Subject& subject,
                       const std::string& codec,
                       decoding::DecoderRecord record,
                       const training::MlpTraining& training,
                       const std::filesystem::path& out) {
  record.latent_shape = training::target_shape(subject, codec, all_rows(record));
  training::require_room_for_mlp(record, training);
  training::Targets targets = targets_of(subject, codec, record);
  const training::VoxelTrainingSummary summary =
      training::train_mlp(subject, std::move(targets.latents), training, std::move(record), out);
  return {{"steps", summary.state.steps},
          {"train_loss", summary.train_loss},
          {"best_validation_loss", summary.state.best_validation ? Json(*summary.state.best_validation) : Json()}};
}

Json train_ridge_decoder(const data::Subject& subject,
                         const std::string& codec,
                         decoding::DecoderRecord record,
                         const decoding::RidgeTrainingOptions& options,
                         const std::filesystem::path& out) {
  const models::LatentShape shape = training::target_shape(subject, codec, all_rows(record));
  decoding::require_room_for_ridge(static_cast<int64_t>(record.train_rows.size()),
                                   static_cast<int64_t>(record.vertices.columns.size()),
                                   shape.channels * shape.height * shape.width);
  training::Targets targets = targets_of(subject, codec, record);
  const decoding::RidgeSummary summary =
      decoding::train_ridge(subject, std::move(targets.latents), options, std::move(record), out);
  log_info("{} rows, {} vertices, cross-validated correlation {:.3f}",
           format_count(summary.rows),
           format_count(summary.vertices),
           summary.correlation);
  return {{"vertices", summary.vertices},
          {"components", summary.components},
          {"median_alpha", summary.median_alpha},
          {"cross_validated_correlation", summary.correlation},
          {"cross_validated_error", summary.error}};
}

}  // namespace fmri2img::commands
