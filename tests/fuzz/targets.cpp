#include "tests/fuzz/targets.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/hdf5.h"
#include "fmri2img/io/hdf5_objects.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/mat5.h"
#include "fmri2img/io/mat73.h"
#include "fmri2img/io/nifti.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/npz.h"
#include "fmri2img/io/roi_mapping.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/shard_index.h"
#include "fmri2img/io/tar.h"
#include "fmri2img/io/torch_file.h"
#include "fmri2img/io/torch_formats.h"
#include "fmri2img/reconstruction/ensemble/ensemble.h"
#include "commands/config_file.h"

namespace fmri2img::fuzz {
namespace {

namespace fs = std::filesystem;

/// Beyond this a tensor is not copied: a view may repeat one number 2^40 times at no cost.
constexpr int64_t kMostCopied = int64_t{1} << 26;

void touch(const at::Tensor& tensor) {
  if (tensor.numel() <= kMostCopied) tensor.clone(at::MemoryFormat::Contiguous);
}

void touch(const io::PickleValue& value) {
  if (const auto* tensor = value.get_if<at::Tensor>()) touch(*tensor);
  if (const auto* list = value.get_if<io::PickleList>()) {
    for (const io::PickleValue& item : *list) touch(item);
  }
  if (const auto* dict = value.get_if<io::PickleDict>()) {
    for (const auto& [key, item] : *dict) touch(item);
  }
}

/// Runs `action`, whose Error must not keep the rest of the file from being read.
template <class Action> void attempt(Action&& action) {
  try {
    action();
  } catch (const Error&) {}
}

void read_npy(const fs::path& file) {
  touch(io::NpyFile(file).tensor());
}

void read_mat5(const fs::path& path) {
  const io::Mat5File file(path);
  for (const io::VariableInfo& variable : file.variables()) attempt([&] { touch(file.read(variable.name)); });
}

void read_npz(const fs::path& path) {
  io::is_npz(MappedFile(path));
  for (const io::VariableInfo& variable : io::list_npz(path))
    attempt([&] { touch(io::read_npz(path, variable.name)); });
}

void read_nifti(const fs::path& path) {
  touch(io::NiftiFile(path).values());
}

void read_hdf5(const fs::path& path) {
  const io::Hdf5File file(path);
  for (const io::VariableInfo& variable : file.variables()) {
    attempt([&] { touch(file.read(variable.name)); });
    const std::array<int64_t, 2> rows{0, 2};
    attempt([&] { touch(file.read_rows(variable.name, rows)); });
  }
}

/// What the parent makes of a child that hostile bytes have taken over.
void read_hdf5_answer(const fs::path& path) {
  for (const io::hdf5::Object& object : io::hdf5::objects_from_cbor(read_file(path), "input"))
    io::array_bytes(object.shape, at::kDouble);
}

void read_mat73(const fs::path& path) {
  for (const io::VariableInfo& variable : io::list_mat73(path))
    attempt([&] { touch(io::read_mat73(path, variable.name)); });
}

void read_safetensors(const fs::path& path) {
  const io::SafetensorsFile file(path);
  for (const auto& [name, entry] : file.entries()) touch(file.tensor(name));
}

/// Whatever the index names, a file that is asked for holds the tensors "a" and "b".
void read_shard_index(const fs::path& path) {
  io::read_shards(path, [](const fs::path&) { return io::StateDict{{"a", at::zeros({1})}, {"b", at::zeros({1})}}; });
}

void read_torch_zip(const fs::path& path) {
  const io::PickleValue value = io::read_torch_zip(MappedFile(path), "input");
  touch(value);
  io::state_dict_of(value, "input");
}

void read_torch_legacy(const fs::path& path) {
  const io::PickleValue value = io::read_torch_legacy(MappedFile(path), "input");
  touch(value);
  io::state_dict_of(value, "input");
}

void read_roi_mapping(const fs::path& file) {
  io::read_roi_mapping(file);
}

void read_image(const fs::path& file) {
  const io::ImageInfo info = io::read_image_info(file);
  if (info.height * info.width > kMostCopied / 16) return;  // larger ones only take longer
  touch(io::read_image(file));
  touch(io::read_image(file, io::Transparency::kOnWhite));
}

void read_ensemble(const fs::path& file) {
  reconstruction::read_ensemble_file(file);
}

void read_json(const fs::path& file) {
  JsonFields(fmri2img::read_json(file), "input").finish();
}

void read_tar(const fs::path& path) {
  const io::TarFile tar(path);
  for (const io::TarMember& member : tar.members())
    std::string(reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size());
}

void read_toml(const fs::path& file) {
  commands::config_words(read_file(file), "input");
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all{
      {"ensemble", read_ensemble},
      {"hdf5", read_hdf5},
      {"hdf5_answer", read_hdf5_answer},
      {"jpeg", read_image},
      {"json", read_json},
      {"mat5", read_mat5},
      {"mat73", read_mat73},
      {"nifti", read_nifti},
      {"npy", read_npy},
      {"npz", read_npz},
      {"png", read_image},
      {"roi_mapping", read_roi_mapping},
      {"safetensors", read_safetensors},
      {"shard_index", read_shard_index},
      {"tar", read_tar},
      {"toml", read_toml},
      {"torch_legacy", read_torch_legacy},
      {"torch_zip", read_torch_zip},
  };
  return all;
}

const Target& find_target(std::string_view name) {
  const auto found = std::ranges::find(targets(), name, &Target::name);
  FMRI2IMG_CHECK_USAGE(found != targets().end(), "there is no fuzz target \"{}\"", name);
  return *found;
}

}  // namespace fmri2img::fuzz
