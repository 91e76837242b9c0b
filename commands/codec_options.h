#pragma once

#include <memory>
#include <string>

#include "fmri2img/models/latent_codec.h"

namespace CLI {
class App;
}

namespace fmri2img::commands {

/// --model, --dtype, --sample and --seed, for every command that runs a latent codec.
struct CodecModelOptions {
  std::string model;
  std::string dtype = "fp32";
  bool sample = false;
  uint64_t seed = 42;

  void add_to(CLI::App& app);

  /// The codec on `device`; `size` as in `models::CodecOptions`.
  std::unique_ptr<models::LatentCodec> open(std::optional<std::pair<int64_t, int64_t>> size, at::Device device) const;

  /// The seed where a sample was asked for.
  std::optional<uint64_t> sample_seed() const { return sample ? std::optional(seed) : std::nullopt; }
};

}  // namespace fmri2img::commands
