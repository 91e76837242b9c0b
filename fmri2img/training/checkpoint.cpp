#include "fmri2img/training/checkpoint.h"

#include <ATen/ATen.h>
#include <torch/nn/module.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::training {
namespace {

// Frozen: these are on disk.
constexpr const char* kFormat = "fmri2img checkpoint";
constexpr const char* kVersion = "1";
const std::string kModel = "model.", kFirst = "optimiser.exp_avg.", kSecond = "optimiser.exp_avg_sq.";
const std::string kAverage = "average.";
const std::string kGenerator = "generator";

Json to_json(const TrainingState& state) {
  return {{"epoch", state.epoch},
          {"batch", state.batch},
          {"steps", state.steps},
          {"loss_sum", state.loss_sum},
          {"loss", state.loss},
          {"best_validation", state.best_validation ? Json(*state.best_validation) : Json()},
          {"best_epoch", state.best_epoch}};
}

TrainingState state_from(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  TrainingState state;
  state.epoch = fields.require<int64_t>("epoch");
  state.batch = fields.require<int64_t>("batch");
  state.steps = fields.require<int64_t>("steps");
  state.loss_sum = fields.require<double>("loss_sum");
  state.loss = fields.require<double>("loss");
  const Json best = fields.require<Json>("best_validation");
  if (!best.is_null()) state.best_validation = best.get<double>();
  state.best_epoch = fields.require<int64_t>("best_epoch");
  fields.finish();
  return state;
}

io::SafetensorsFile open_checkpoint(const std::filesystem::path& path) {
  io::SafetensorsFile file(path);
  const auto& metadata = file.metadata();
  FMRI2IMG_CHECK(metadata.contains("format") && metadata.at("format") == kFormat,
                 "\"{}\" is not a checkpoint of fmri2img",
                 path.string());
  FMRI2IMG_CHECK(metadata.contains("version") && metadata.at("version") == kVersion && metadata.contains("state"),
                 "\"{}\" is a checkpoint of another version, this program knows version {}",
                 path.string(),
                 kVersion);
  return file;
}

void load_model(const io::SafetensorsFile& file, const std::filesystem::path& path, torch::nn::Module& model) {
  io::StateDict weights;
  for (const auto& [name, entry] : file.entries()) {
    if (name.starts_with(kModel)) weights[name.substr(kModel.size())] = file.tensor(name);
  }
  nn::load_weights(model, {weights, io::all_in(path)});
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const TrainingState& state, const TrainedParts& parts) {
  io::StateDict tensors;
  for (const auto& [name, tensor] : nn::state_dict(parts.model)) tensors[kModel + name] = tensor;
  const NamedParameters& parameters = parts.optimiser.parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].first;
    tensors[kFirst + name] = parts.optimiser.moments()[i].first;
    tensors[kSecond + name] = parts.optimiser.moments()[i].second;
    if (parts.average) tensors[kAverage + name] = parts.average->tensors()[i];
  }
  if (parts.generator) tensors[kGenerator] = parts.generator->get_state();
  io::write_safetensors(path, tensors, {{"format", kFormat}, {"version", kVersion}, {"state", to_json(state).dump()}});
}

TrainingState read_checkpoint(const std::filesystem::path& path, const TrainedParts& parts) {
  const io::SafetensorsFile file = open_checkpoint(path);
  const TrainingState state = state_from(parse_json(file.metadata().at("state"), path.string()), path.string());
  load_model(file, path, parts.model);
  std::vector<AdamW::Moments> moments;
  std::vector<at::Tensor> averages;
  for (const auto& [name, parameter] : parts.optimiser.parameters()) {
    moments.push_back({file.tensor(kFirst + name), file.tensor(kSecond + name)});
    if (parts.average) averages.push_back(file.tensor(kAverage + name));
  }
  with_context("while reading \"" + path.string() + "\"", [&] {
    parts.optimiser.restore(state.steps, moments);
    if (parts.average) parts.average->restore(state.steps, averages);
  });
  if (parts.generator) parts.generator->set_state(file.tensor(kGenerator).clone());
  return state;
}

void read_checkpoint_weights(const std::filesystem::path& path, torch::nn::Module& model) {
  load_model(open_checkpoint(path), path, model);
}

}  // namespace fmri2img::training
