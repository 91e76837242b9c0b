#include "fmri2img/training/import_mlp.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::training {
namespace {

/// The original's optimiser lists the decayed parameters first; ours keeps the network's order.
std::vector<AdamW::Moments> in_network_order(const OriginalCheckpoint& checkpoint, const NamedParameters& parameters) {
  FMRI2IMG_CHECK(checkpoint.moments.size() == parameters.size(),
                 "{}: the optimiser has the state of {} parameters, the network has {}",
                 checkpoint.where(),
                 checkpoint.moments.size(),
                 parameters.size());
  std::vector<AdamW::Moments> ordered(parameters.size());
  size_t next = 0;
  for (const bool decayed : {true, false}) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (is_decayed(parameters[i].first) == decayed) ordered[i] = checkpoint.moments[next++];
    }
  }
  return ordered;
}

TrainingState state_of(const OriginalCheckpoint& checkpoint, const MlpTraining& training, int64_t rows) {
  const int64_t batch = training.options.batch;
  const int64_t per_epoch = (rows + batch - 1) / batch;
  FMRI2IMG_CHECK(checkpoint.steps % per_epoch == 0 && checkpoint.steps / per_epoch <= training.options.epochs,
                 "{}: \"steps\" is {}, which is not up to {} whole epochs of {} steps ({} training rows in batches of "
                 "{}): give the --batch, --epochs, --train-rows and --split-seed that it was trained with",
                 checkpoint.where(),
                 format_count(checkpoint.steps),
                 training.options.epochs,
                 format_count(per_epoch),
                 format_count(rows),
                 batch);
  TrainingState state;
  state.steps = checkpoint.steps;
  state.epoch = checkpoint.steps / per_epoch;
  state.loss = checkpoint.loss;
  return state;
}

void write_resumable(const OriginalCheckpoint& checkpoint,
                     const TrainingState& state,
                     models::VoxelDecoder& model,
                     uint64_t seed,
                     const std::filesystem::path& out) {
  const NamedParameters parameters = parameters_of(*model);
  AdamW optimiser(parameters);
  with_context("while reading " + checkpoint.where(),
               [&] { optimiser.restore(state.steps, in_network_order(checkpoint, parameters)); });
  std::filesystem::create_directories(out / "checkpoints");
  at::Generator generator = make_generator(seed);
  write_checkpoint(out / "checkpoints/last.safetensors", state, {*model, optimiser, &generator});
}

}  // namespace

ImportedTraining import_mlp(OriginalCheckpoint checkpoint,
                            const MlpTraining& training,
                            decoding::DecoderRecord record,
                            const std::filesystem::path& out) {
  keep_columns(checkpoint, record.vertices.columns, record.vertices.num_vertices);
  models::VoxelDecoder model(network_sizes(checkpoint, record.latent_shape));
  nn::load_weights(*model, {checkpoint.weights, io::all_in(checkpoint.path)});
  ImportedTraining imported;
  if (!checkpoint.moments.empty()) {
    imported.state = state_of(checkpoint, training, static_cast<int64_t>(record.train_rows.size()));
    imported.resumable = imported.state.epoch < training.options.epochs;
    write_resumable(checkpoint, imported.state, model, training.seed, out);
  }
  record.kind = "mlp";
  record.training = {{"imported_from", checkpoint.path.string()},
                     {"epochs", training.options.epochs},
                     {"batch", training.options.batch},
                     {"seed", training.seed},
                     {"steps", imported.state.steps},
                     {"epochs_done", imported.state.epoch}};
  decoding::write_decoder(out, record, nn::state_dict(*model), model->options().to_json());
  return imported;
}

}  // namespace fmri2img::training
