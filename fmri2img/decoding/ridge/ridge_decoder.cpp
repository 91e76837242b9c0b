#include "fmri2img/decoding/ridge/ridge_decoder.h"

#include <ATen/ATen.h>

#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/safetensors.h"

namespace fmri2img::decoding {
namespace {

/// The named tensor, checked against `shape`, where -1 is any size.
at::Tensor checked_tensor(const io::StateDict& state,
                          const std::string& name,
                          const std::vector<int64_t>& shape,
                          const std::string& file) {
  const auto found = state.find(name);
  FMRI2IMG_CHECK(found != state.end(), "{}: tensor \"{}\" is missing", file, name);
  const std::vector<int64_t> sizes = found->second.sizes().vec();
  bool fits = sizes.size() == shape.size();
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    fits = shape[i] == -1 || shape[i] == sizes[i];
  }
  FMRI2IMG_CHECK(fits, "{}: tensor \"{}\" is {}, expected {}", file, name, format_shape(sizes), format_shape(shape));
  return found->second;
}

}  // namespace

RidgeDecoder::RidgeDecoder(LinearRidge linear,
                           std::optional<PicturePrior> prior,
                           int64_t inputs,
                           const models::LatentShape& shape)
    : linear_(std::move(linear)), prior_(std::move(prior)), inputs_(inputs), shape_(shape) {}

at::Tensor RidgeDecoder::predict(const at::Tensor& responses) {
  FMRI2IMG_CHECK(responses.dim() == 2 && responses.size(1) == inputs_,
                 "the responses are {}, but this decoder reads {} vertices",
                 format_shape(responses.sizes().vec()),
                 inputs_);
  const at::NoGradGuard no_gradients;
  at::Tensor latents = linear_.predict(responses);
  if (prior_) {
    latents = prior_->apply(latents);
  }
  return latents.reshape({-1, shape_.channels, shape_.height, shape_.width});
}

io::StateDict RidgeDecoder::state() const {
  io::StateDict state = prior_ ? prior_->state() : io::StateDict();
  state["vertices"] = linear_.vertices;
  state["response_mean"] = linear_.standardisation.mean;
  state["response_inverse_scale"] = linear_.standardisation.inverse_scale;
  state["weights"] = linear_.weights;
  state["mean"] = linear_.mean;
  if (linear_.readout.defined()) {
    state["readout"] = linear_.readout;
  }
  return state;
}

Json RidgeDecoder::config() const {
  return {{"inputs", inputs_}, {"readout", linear_.readout.defined()}, {"prior", prior_ ? prior_->config() : Json()}};
}

std::unique_ptr<RidgeDecoder> RidgeDecoder::load(const std::filesystem::path& folder, const DecoderRecord& record) {
  const std::string file = (folder / "model.safetensors").string();
  const io::StateDict state = io::read_safetensors(file);
  JsonFields fields(read_kind_config(folder), (folder / "config.json").string());
  const auto inputs = fields.require<int64_t>("inputs");
  const bool has_readout = fields.require<bool>("readout");
  const Json prior = fields.optional<Json>("prior", Json());
  fields.finish();
  const models::LatentShape& shape = record.latent_shape;
  const int64_t values = shape.channels * shape.height * shape.width;
  LinearRidge linear;
  linear.weights = checked_tensor(state, "weights", {-1, has_readout ? -1 : values}, file);
  const int64_t v = linear.weights.size(0);
  linear.vertices = checked_tensor(state, "vertices", {v}, file);
  FMRI2IMG_CHECK(linear.vertices.scalar_type() == at::kLong && linear.vertices.min().item<int64_t>() >= 0 &&
                     linear.vertices.max().item<int64_t>() < inputs,
                 "{}: tensor \"vertices\" must hold whole numbers of 0 .. {}",
                 file,
                 inputs - 1);
  linear.standardisation = {checked_tensor(state, "response_mean", {v}, file),
                            checked_tensor(state, "response_inverse_scale", {v}, file)};
  linear.mean = checked_tensor(state, "mean", {values}, file);
  if (has_readout) {
    linear.readout = checked_tensor(state, "readout", {linear.weights.size(1), values}, file);
  }
  std::optional<PicturePrior> picture_prior;
  if (!prior.is_null()) {
    checked_tensor(state, "prior.pictures", {-1, values}, file);
    const int64_t c = checked_tensor(state, "prior.components", {-1, values}, file).size(0);
    checked_tensor(state, "prior.mean", {values}, file);
    checked_tensor(state, "prior.whitening", {c, c}, file);
    picture_prior = PicturePrior::from_state(state, prior, shape);
  }
  return std::make_unique<RidgeDecoder>(std::move(linear), std::move(picture_prior), inputs, shape);
}

}  // namespace fmri2img::decoding
