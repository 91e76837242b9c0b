#include "fmri2img/training/original_checkpoint.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/torch_file.h"

namespace fmri2img::training {
namespace {

const std::string kFirstLayer = "lin0.0.weight";
const std::string kParallelPrefix = "module.";

io::StateDict plain_weights(const io::StateDict& file) {
  io::StateDict weights;
  for (const auto& [name, tensor] : file) {
    weights[name.starts_with(kParallelPrefix) ? name.substr(kParallelPrefix.size()) : name] = tensor.to(at::kFloat);
  }
  return weights;
}

const io::PickleValue& entry(const io::PickleValue& dict, const std::string& key, const std::string& where) {
  const io::PickleValue* found = dict.find(key);
  FMRI2IMG_CHECK(found != nullptr, "{}: \"{}\" is missing", where, key);
  return *found;
}

at::Tensor tensor_entry(const io::PickleValue& dict, const std::string& key, const std::string& where) {
  const auto* tensor = entry(dict, key, where).get_if<at::Tensor>();
  FMRI2IMG_CHECK(tensor != nullptr, "{}: \"{}\" is no tensor", where, key);
  return tensor->to(at::kFloat);
}

std::vector<AdamW::Moments> read_moments(const io::PickleValue& optimiser, const std::string& where) {
  std::vector<AdamW::Moments> moments;
  for (const auto& [index, state] : entry(optimiser, "state", where).dict(where)) {
    const std::string here = fmt::format("{} of parameter {}", where, moments.size());
    FMRI2IMG_CHECK(index.integer(here) == static_cast<int64_t>(moments.size()),
                   "{}: the next entry is {}; a parameter has no state",
                   here,
                   index.integer(here));
    moments.push_back({tensor_entry(state, "exp_avg", here), tensor_entry(state, "exp_avg_sq", here)});
  }
  return moments;
}

const at::Tensor& weight(const OriginalCheckpoint& checkpoint, const std::string& name, int64_t dimensions) {
  const auto found = checkpoint.weights.find(name);
  FMRI2IMG_CHECK(found != checkpoint.weights.end(),
                 "{} is no low-level decoder: it holds no tensor \"{}\"",
                 checkpoint.where(),
                 name);
  FMRI2IMG_CHECK(found->second.dim() == dimensions,
                 "{}: \"{}\" is {}, expected {} dimensions",
                 checkpoint.where(),
                 name,
                 format_shape(found->second.sizes().vec()),
                 dimensions);
  return found->second;
}

/// Maps of the upsampler, the finest first: its up blocks run from the coarsest.
std::vector<int64_t> channels_of(const OriginalCheckpoint& checkpoint) {
  std::vector<int64_t> channels;
  const auto name = [](size_t block) { return fmt::format("upsampler.up_blocks.{}.resnets.0.conv1.weight", block); };
  while (checkpoint.weights.contains(name(channels.size()))) {
    channels.push_back(weight(checkpoint, name(channels.size()), 4).size(0));
  }
  weight(checkpoint, name(0), 4);
  return {channels.rbegin(), channels.rend()};
}

models::LatentShape square_latents(const OriginalCheckpoint& checkpoint, const std::vector<int64_t>& channels) {
  const int64_t grid = weight(checkpoint, "lin1.weight", 2).size(0) / channels.front();
  const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(grid))));
  FMRI2IMG_CHECK(side * side == grid,
                 "{}: the latents start from {} positions, which is no square: give the subject its fMRI_VAE.npy",
                 checkpoint.where(),
                 grid);
  const int64_t size = side << (channels.size() - 1);
  return {weight(checkpoint, "upsampler.conv_out.weight", 4).size(0), size, size};
}

}  // namespace

OriginalCheckpoint read_original_checkpoint(const std::filesystem::path& path) {
  const io::PickleValue file = io::read_torch_file(path);
  OriginalCheckpoint checkpoint;
  checkpoint.path = path;
  checkpoint.weights = plain_weights(io::state_dict_of(file, checkpoint.where()));
  weight(checkpoint, kFirstLayer, 2);
  if (const io::PickleValue* optimiser = file.find("optimizer_state_dict")) {
    checkpoint.moments = read_moments(*optimiser, checkpoint.where() + ": \"optimizer_state_dict\"");
    checkpoint.steps = entry(file, "steps", checkpoint.where()).integer(checkpoint.where() + ": \"steps\"");
    checkpoint.loss = entry(file, "loss", checkpoint.where()).number(checkpoint.where() + ": \"loss\"");
  }
  return checkpoint;
}

models::VoxelDecoderOptions network_sizes(const OriginalCheckpoint& checkpoint,
                                          const std::optional<models::LatentShape>& latents) {
  models::VoxelDecoderOptions options;
  const at::Tensor& first = weight(checkpoint, kFirstLayer, 2);
  options.num_inputs = first.size(1);
  options.width = first.size(0);
  options.blocks = 0;
  while (checkpoint.weights.contains(fmt::format("mlp.{}.0.weight", options.blocks))) ++options.blocks;
  options.channels = channels_of(checkpoint);
  options.latent = latents ? *latents : square_latents(checkpoint, options.channels);
  options.check();
  return options;
}

void keep_columns(OriginalCheckpoint& checkpoint, const std::vector<int64_t>& columns, int64_t num_vertices) {
  if (checkpoint.num_vertices() != num_vertices) {
    fail(ErrorKind::kMismatch,
         "{} reads {} vertices, the subject has {}: it was trained on another subject",
         checkpoint.where(),
         format_count(checkpoint.num_vertices()),
         format_count(num_vertices));
  }
  const at::Tensor index = at::tensor(columns, at::kLong);
  at::Tensor& first = checkpoint.weights.at(kFirstLayer);
  // lin0 comes first in the network and is decayed, so its moments are the first ones.
  if (!checkpoint.moments.empty()) {
    AdamW::Moments& moments = checkpoint.moments.front();
    FMRI2IMG_CHECK(moments.first.sizes() == first.sizes() && moments.second.sizes() == first.sizes(),
                   "{}: the optimiser's first state is {}, expected that of \"{}\", {}",
                   checkpoint.where(),
                   format_shape(moments.first.sizes().vec()),
                   kFirstLayer,
                   format_shape(first.sizes().vec()));
    moments = {moments.first.index_select(1, index), moments.second.index_select(1, index)};
  }
  first = first.index_select(1, index);
}

}  // namespace fmri2img::training
