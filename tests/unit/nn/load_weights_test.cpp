// Claims: whatever does not fit is told with the file that holds it, or should, with the tensor's name there, and with
// what was expected and found: of one file, of shards, and where the tensors have been renamed.
#include "fmri2img/nn/load_weights.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/linear.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::nn {
namespace {

namespace fs = std::filesystem;

using Shards = std::map<std::string, io::StateDict>;

/// Two layers: "first" takes 3 numbers to 2, "second" 2 to 1.
struct TwoLayers : torch::nn::Module {
  TwoLayers() : first(LinearOptions{3, 2}), second(LinearOptions{2, 1}) {
    register_module("first", first);
    register_module("second", second);
  }

  Linear first, second;
};

class LoadWeights : public ::testing::Test {
 protected:
  static Shards whole() {
    return {{"model-1.safetensors", {{"first.weight", at::ones({2, 3})}, {"first.bias", at::ones({2})}}},
            {"model-2.safetensors", {{"second.weight", at::ones({1, 2})}, {"second.bias", at::ones({1})}}}};
  }

  /// Writes the shards and their index, and loads what was written.
  void load(const Shards& shards, const LoadRules& rules = {}) {
    Json weight_map;
    for (const auto& [file, tensors] : shards) {
      io::write_safetensors(folder_ / file, tensors);
      for (const auto& [name, tensor] : tensors) weight_map[name] = file;
    }
    write_json(folder_ / "model.safetensors.index.json", {{"weight_map", weight_map}});
    const io::LocatedWeights weights = io::read_located_weights(folder_.path());
    EXPECT_EQ(find_weight_problems(model_, weights, rules).size(), num_problems_);
    load_weights(model_, weights, rules);
  }

  std::string quoted(const char* file) const { return "\"" + (folder_ / file).string() + "\""; }

  testing::TemporaryFolder folder_;
  TwoLayers model_;
  size_t num_problems_ = 1;
};

TEST_F(LoadWeights, OfAllShardsIsTheWholeModel) {
  num_problems_ = 0;
  load(whole());
  EXPECT_EQ(model_.first->weight.sum().item<float>() + model_.second->bias.sum().item<float>(), 7);
}

TEST_F(LoadWeights, AMissingTensorShouldBeInTheIndex) {
  Shards shards = whole();
  shards["model-2.safetensors"].erase("second.bias");
  EXPECT_ERROR(load(shards),
               quoted("model.safetensors.index.json") +
                   " does not hold the weights of this model: tensor "
                   "\"second.bias\" (1) is missing",
               "copy both again");
}

TEST_F(LoadWeights, ATensorThatDoesNotFitIsInItsShard) {
  Shards shards = whole();
  shards["model-2.safetensors"]["second.weight"] = at::ones({1, 3});
  EXPECT_ERROR(load(shards),
               quoted("model-2.safetensors") +
                   " does not hold the weights of this model: tensor \"second.weight\" is "
                   "1 x 3, the model expects 1 x 2");
}

TEST_F(LoadWeights, AnExtraTensorIsInItsShard) {
  Shards shards = whole();
  shards["model-1.safetensors"]["third.weight"] = at::ones({4, 5});
  EXPECT_ERROR(load(shards), quoted("model-1.safetensors"), "tensor \"third.weight\" (4 x 5) is unknown to the model");
}

TEST_F(LoadWeights, NumbersThatAreNoneAreInTheirShard) {
  Shards shards = whole();
  shards["model-2.safetensors"]["second.bias"][0] = std::nan("");
  EXPECT_ERROR(load(shards), quoted("model-2.safetensors"), "tensor \"second.bias\" holds NaN or infinite numbers");
}

TEST_F(LoadWeights, EveryFileIsNamedOnceBeforeWhatIsWrongInIt) {
  num_problems_ = 4;
  Shards shards = whole();
  shards["model-1.safetensors"].erase("first.weight");
  shards["model-1.safetensors"]["first.bias"] = at::ones({5});
  shards["model-2.safetensors"]["second.bias"] = at::ones({1}, at::kLong);
  shards["model-2.safetensors"]["zero"] = at::ones({1});
  EXPECT_ERROR(load(shards),
               quoted("model-1.safetensors") +
                   " does not hold the weights of this model: tensor \"first.bias\" is 5, "
                   "the model expects 2; " +
                   quoted("model-2.safetensors") +
                   ": tensor \"second.bias\" holds Long, not floating-point numbers; "
                   "tensor \"zero\" (1) is unknown to the model; " +
                   quoted("model.safetensors.index.json") + ": tensor \"first.weight\" (2 x 3) is missing");
}

TEST_F(LoadWeights, FiveAreNamedAndTheRestCounted) {
  num_problems_ = 7;
  Shards shards = whole();
  for (int i = 0; i < 7; ++i) shards["model-1.safetensors"]["extra." + std::to_string(i)] = at::ones({1});
  EXPECT_ERROR(load(shards), "\"extra.4\" (1) is unknown to the model; and 2 more differences");
}

TEST_F(LoadWeights, ARenamedTensorIsToldByItsNameInTheFile) {
  Shards shards = whole();
  auto layer = shards["model-2.safetensors"].extract("second.weight");
  layer.key() = "old.second.weight";
  layer.mapped() = at::ones({7});
  shards["model-2.safetensors"].insert(std::move(layer));
  const auto rename = [](const std::string& name) { return name.starts_with("old.") ? name.substr(4) : name; };
  EXPECT_ERROR(load(shards, {.rename = rename, .naming = "an old file"}),
               quoted("model-2.safetensors"),
               "the weights of this model (an old file): tensor \"old.second.weight\" is 7, the model expects 1 x 2");
}

TEST_F(LoadWeights, AFolderOfOneFileIsToldByTheFile) {
  io::write_safetensors(folder_ / "model.safetensors", {{"first.weight", at::ones({2, 3})}});
  EXPECT_ERROR(load_weights(model_, io::read_located_weights(folder_.path())),
               quoted("model.safetensors"),
               "tensor \"first.bias\" (2) is missing");
}

TEST_F(LoadWeights, AShardThatIsNotThereIsNamed) {
  num_problems_ = 0;
  load(whole());
  fs::remove(folder_ / "model-2.safetensors");
  EXPECT_ERROR(io::read_located_weights(folder_.path()), quoted("model-2.safetensors"));
}

}  // namespace
}  // namespace fmri2img::nn
