#include "fmri2img/io/torch_file.h"

#include <fmt/format.h>

#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/io/git_lfs.h"
#include "fmri2img/io/torch_formats.h"

namespace fmri2img::io {
namespace {

/// Where checkpoints keep their weights.
constexpr const char* kWeightKeys[] = {"model_state_dict", "state_dict"};

bool holds_tensors(const PickleDict& dict) {
  for (const auto& [key, value] : dict) {
    if (value.get_if<at::Tensor>() == nullptr) return false;
  }
  return true;
}

std::string keys_of(const PickleDict& dict) {
  std::string keys;
  for (size_t i = 0; i < dict.size() && i < 8; ++i) {
    const auto* text = dict[i].first.get_if<std::string>();
    keys += fmt::format(
        "{}{}", i == 0 ? "" : ", ", text != nullptr ? fmt::format("\"{}\"", *text) : dict[i].first.type_name());
  }
  return dict.size() > 8 ? keys + ", ..." : keys;
}

StateDict tensors_of(const PickleDict& dict, const std::string& where) {
  StateDict tensors;
  for (const auto& [key, value] : dict) {
    const auto* name = key.get_if<std::string>();
    FMRI2IMG_CHECK(name != nullptr, "{}: a state dict's key is {}, expected a text", where, key.type_name());
    const auto* tensor = value.get_if<at::Tensor>();
    FMRI2IMG_CHECK(tensor != nullptr, "{}: \"{}\" is {}, expected a tensor", where, *name, value.type_name());
    tensors[*name] = *tensor;
  }
  return tensors;
}

}  // namespace

PickleValue read_torch_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string where = fmt::format("\"{}\"", path.string());
  if (is_torch_zip(file)) return read_torch_zip(file, where);
  if (is_torch_legacy(file)) return read_torch_legacy(file, where);
  check_no_lfs_pointer(file.bytes(), where);
  fail(ErrorKind::kBadInput,
       "{}: not a PyTorch file: expected what torch.save writes (a zip archive, or the older pickles)",
       where);
}

StateDict state_dict_of(const PickleValue& value, const std::string& where) {
  const PickleDict& dict = value.dict(where);
  for (const char* key : kWeightKeys) {
    const PickleValue* weights = value.find(key);
    if (weights != nullptr && weights->get_if<PickleDict>() != nullptr) {
      return tensors_of(*weights->get_if<PickleDict>(), fmt::format("{}: {}", where, key));
    }
  }
  const bool has_tensors = dict.empty() || holds_tensors(dict) || dict.front().second.get_if<at::Tensor>() != nullptr;
  FMRI2IMG_CHECK(has_tensors,
                 "{}: expected a state dict, or a checkpoint with one under \"model_state_dict\" or \"state_dict\"; "
                 "found the keys {}",
                 where,
                 keys_of(dict));
  return tensors_of(dict, where);
}

}  // namespace fmri2img::io
