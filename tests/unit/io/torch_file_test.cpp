#include "fmri2img/io/torch_file.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/torch_script.h"
#include "fmri2img/io/variable.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

using testing::TemporaryFolder;

std::filesystem::path saved(const std::string& name) {
  return testing::test_data("io_models/torch") / name;
}

// Golden: torch.save of PyTorch 2.13, tools/parity/io_models.py. Values 0 .. 5 in every type.
TEST(TorchFile, ReadsEveryTypeInBothFormatsAndEveryProtocol) {
  for (const char* name : {"all_types.pt",
                           "all_types_legacy.pth",
                           "protocol3.bin",
                           "protocol4.bin",
                           "protocol5.bin",
                           "legacy_protocol4.bin"}) {
    const StateDict tensors = read_state_dict(saved(name));
    EXPECT_EQ(tensors.size(), std::string(name) == "all_types.pt" ? 15U : 12U) << name;
    for (const auto& [key, tensor] : tensors) {
      if (key == "scalar" || key == "empty") continue;
      at::Tensor expected = at::arange(6).reshape({2, 3});
      if (key == "BOOL") expected = expected.remainder(2);
      EXPECT_TRUE(at::equal(tensor.to(at::kLong), expected)) << name << " " << key;
    }
    EXPECT_EQ(tensors.at("BF16").scalar_type(), at::kBFloat16) << name;
    EXPECT_EQ(tensors.at("scalar").item().toDouble(), 2.5) << name;
    EXPECT_EQ(tensors.at("empty").sizes(), (at::IntArrayRef{0, 4})) << name;
  }
}

TEST(TorchFile, KeepsViewsOfSharedStorages) {
  const StateDict expected = read_safetensors(saved("views_expected.safetensors"));
  for (const char* name : {"views.pt", "views_legacy.pt"}) {
    const StateDict views = state_dict_of(read_torch_file(saved(name)), name);
    EXPECT_EQ(views.size(), expected.size());
    for (const auto& [key, tensor] : expected) EXPECT_TRUE(at::equal(views.at(key), tensor)) << name << " " << key;
    EXPECT_TRUE(views.at("transposed").is_alias_of(views.at("base")));
    EXPECT_EQ(views.at("transposed").strides(), (at::IntArrayRef{1, 6}));
  }
}

TEST(TorchFile, ReadsATrainingCheckpointSavedOnAnotherDevice) {
  const StateDict expected = read_safetensors(saved("checkpoint_expected.safetensors"));
  for (const char* name : {"checkpoint", "checkpoint_legacy"}) {
    const PickleValue checkpoint = read_torch_file(saved(name));
    EXPECT_EQ(checkpoint.find("epoch")->integer(name), 3);
    EXPECT_EQ(checkpoint.find("steps")->integer(name), 421);
    EXPECT_NEAR(checkpoint.find("loss")->number(name), expected.at("loss").item().toDouble(), 1e-7);
    for (const auto& [key, tensor] : state_dict_of(checkpoint, name))
      EXPECT_TRUE(at::equal(tensor, expected.at(key))) << key;
    const PickleValue& optimizer = *checkpoint.find("optimizer_state_dict");
    const PickleDict& moments = optimizer.find("state")->dict(name);
    ASSERT_EQ(moments.size(), 4U);
    for (const auto& [index, state] : moments) {
      const std::string key = "exp_avg." + std::to_string(index.integer(name));
      EXPECT_TRUE(at::equal(*state.find("exp_avg")->get_if<at::Tensor>(), expected.at(key))) << key;
      EXPECT_EQ(state.find("step")->integer(name), 1);
    }
    const PickleList& groups = *optimizer.find("param_groups")->get_if<PickleList>();
    EXPECT_EQ(groups.at(0).find("weight_decay")->number(name), 0.01);
    EXPECT_EQ(groups.at(1).find("params")->get_if<PickleList>()->size(), 3U);
  }
}

TEST(TorchFile, ReadsWhatElseCheckpointsHold) {
  const PickleValue value = read_torch_file(saved("odds_and_ends.pt"));
  const PickleValue& numpy = *value.find("numpy");
  EXPECT_EQ(numpy.find("f8")->number("f8"), 0.1);
  EXPECT_EQ(numpy.find("i8")->integer("i8"), -3);
  EXPECT_EQ(numpy.find("u4")->integer("u4"), 7);
  EXPECT_TRUE(*numpy.find("b")->get_if<bool>());
  const at::Tensor counting = at::arange(6).reshape({2, 3});
  EXPECT_TRUE(at::equal(numpy.find("array")->get_if<at::Tensor>()->to(at::kLong), counting));
  EXPECT_TRUE(at::equal(*numpy.find("fortran")->get_if<at::Tensor>(), counting));
  EXPECT_EQ(value.find("counter")->dict("counter").size(), 2U);
  EXPECT_EQ(value.find("default")->find("a")->get_if<PickleList>()->size(), 1U);
  EXPECT_EQ(value.find("set")->get_if<PickleList>()->size(), 1U);
  EXPECT_EQ(value.find("size")->get_if<PickleList>()->at(1).integer("size"), 3);
  EXPECT_EQ(value.find("dtype")->type_name(), "torch.bfloat16");
  EXPECT_EQ(value.find("device")->type_name(), "cuda:1");
  EXPECT_EQ(value.find("bytes")->get_if<PickleBytes>()->bytes, std::string("\0\x7f\x80\xff", 4));
  EXPECT_TRUE(value.find("none")->is_none());
  EXPECT_EQ(value.find("large")->number("large"), 18446744073709551616.0);
  EXPECT_EQ(value.find("negative")->integer("negative"), -(int64_t{1} << 40));
  EXPECT_EQ(value.find("float")->number("float"), 1e300);
  EXPECT_EQ(*value.find("text")->get_if<std::string>(), "grüße");
  EXPECT_EQ(value.find("parameter")->get_if<at::Tensor>()->numel(), 2);
  EXPECT_EQ(value.find("u2")->get_if<at::Tensor>()->scalar_type(), at::kUInt16);
}

TEST(TorchFile, RefusesAPickleThatNamesAFunctionByThatName) {
  for (const char* name : {"calls_system.pt", "calls_system_legacy.pt"}) {
    EXPECT_ERROR(read_torch_file(saved(name)), name, "refused", "\"posix.system\"", "nothing of it was run");
  }
  EXPECT_ERROR(read_torch_file(saved("namespace.pt")), "refused", "\"argparse.Namespace\"");
}

TEST(TorchFile, RecognisesTorchScript) {
  EXPECT_ERROR(read_torch_file(saved("script.pt")), "script.pt", "TorchScript", "torch.save(torch.jit.load");
}

TEST(TorchScript, GivesParametersAndBuffers) {
  EXPECT_TRUE(is_torch_script(saved("script.pt")));
  EXPECT_FALSE(is_torch_script(saved("views.pt")));
  EXPECT_FALSE(is_torch_script(saved("views_legacy.pt")));
  const StateDict tensors = read_torch_script(saved("script.pt"));
  ASSERT_EQ(tensors.size(), 2U);
  EXPECT_EQ(tensors.at("weight").sizes(), (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(tensors.at("bias").sizes(), (std::vector<int64_t>{2}));
  EXPECT_FALSE(tensors.at("bias").requires_grad());
}

TEST(TorchScript, NamesADamagedArchive) {
  EXPECT_ERROR(read_torch_script(saved("views.pt")), "TorchScript archive", "views.pt");
  EXPECT_ERROR(is_torch_script(saved("nowhere.pt")), "nowhere.pt");
}

TEST(TorchFile, RefusesEveryTruncation) {
  const TemporaryFolder folder;
  for (const char* name : {"views.pt", "views_legacy.pt", "checkpoint_legacy"}) {
    const std::string whole = read_file(saved(name));
    for (size_t size = 0; size < whole.size(); size += 13) {
      write_file(folder / "cut.pt", whole.substr(0, size));
      EXPECT_ERROR(read_torch_file(folder / "cut.pt"), "cut.pt");
    }
  }
}

TEST(TorchFile, SaysWhatIsNoTorchFileOrNoStateDict) {
  const TemporaryFolder folder;
  write_file(folder / "text.pt", "hello");
  EXPECT_ERROR(read_torch_file(folder / "text.pt"), "text.pt", "not a PyTorch file");
  EXPECT_ERROR(state_dict_of(PickleValue{int64_t{3}}, "x.pt"), "x.pt", "found int");
  EXPECT_ERROR(
      read_state_dict(saved("odds_and_ends.pt")), "odds_and_ends.pt", "model_state_dict", "found the keys \"numpy\"");
}

/// A legacy file of one tensor, with the words of its tensor to damage.
std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  const size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos);
  return bytes.replace(at, from.size(), to);
}

TEST(TorchFile, RefusesATensorThatLeavesItsStorage) {
  const TemporaryFolder folder;
  const std::string whole = read_file(saved("views_legacy.pt"));
  write_file(folder / "x.pt",
             replaced(whole, "K\x04K\x06\x86", "K\x04K\x07\x86"));  // the base's shape 4 x 6, now 4 x 7
  EXPECT_ERROR(read_torch_file(folder / "x.pt"), "x.pt", "4 x 7", "leaves its storage");
}

TEST(StateDict, ChoosesTheWeightsOfAFolder) {
  const TemporaryFolder folder;
  EXPECT_ERROR(read_state_dict(folder.path()), "holds no weights", ".safetensors");
  write_file(folder / "model.pth", read_file(saved("all_types_legacy.pth")));
  EXPECT_EQ(read_state_dict(folder.path()).size(), 12U);
  write_safetensors(folder / "model.safetensors", {{"w", at::arange(3)}});
  write_safetensors(folder / "model.fp16.safetensors", {{"v", at::arange(3)}});
  EXPECT_TRUE(read_state_dict(folder.path()).contains("w"));
  write_safetensors(folder / "other.safetensors", {{"u", at::arange(3)}});
  EXPECT_ERROR(read_state_dict(folder.path()), "more than one weight file", "other.safetensors", "name the one");
  EXPECT_EQ(read_state_dict(testing::test_data("io_models/safetensors/sharded")).size(), 4U);
}

TEST(StateDict, PassesOverLoraFiles) {
  const TemporaryFolder folder;
  write_file(folder / "pytorch_LoRA_weights.safetensors", "x");
  EXPECT_ERROR(read_state_dict(folder.path()), "holds no weights");
  write_file(folder / "pytorch_model.bin", read_file(saved("all_types_legacy.pth")));
  EXPECT_EQ(read_state_dict(folder.path()).size(), 12U);
}

// The three lines that a repository holds in the place of a file (git-lfs, docs/spec.md).
TEST(StateDict, RecognisesGitLfsPointers) {
  const TemporaryFolder folder;
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\n"
      "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
  for (const char* name : {"model.safetensors", "pytorch_model.bin", "model.pt", "model.ckpt"}) {
    write_file(folder / name, pointer);
    EXPECT_ERROR(read_state_dict(folder / name), name, "git-lfs pointer", "git lfs pull");
    EXPECT_ERROR(list_variables(folder / name), name, "git-lfs pointer", "git lfs pull");
  }
  EXPECT_ERROR(read_safetensors(folder / "model.safetensors"), "git lfs pull");
  EXPECT_ERROR(read_torch_file(folder / "model.pt"), "git lfs pull");
}

TEST(StateDict, ReadsPublishedWeights) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("vae/taef2_encoder.pth");
  EXPECT_EQ(read_state_dict(testing::reference_data("vae/taef2_encoder.pth")).size(), 79U);
  EXPECT_EQ(read_state_dict(testing::reference_data("vae/taef2_decoder.pth")).size(), 79U);
  EXPECT_EQ(read_state_dict(testing::reference_data("vae/approx_decoder_sd1.5.pt")).size(), 6U);
  EXPECT_EQ(read_state_dict(testing::reference_data("lpips/lpips_v0.1_alex.pth")).size(), 5U);
}

}  // namespace
}  // namespace fmri2img::io
