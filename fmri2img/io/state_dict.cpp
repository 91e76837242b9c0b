#include "fmri2img/io/state_dict.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/lora_file.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/shard_index.h"
#include "fmri2img/io/torch_file.h"
#include "fmri2img/io/weight_variables.h"

namespace fmri2img::io {
namespace {

namespace fs = std::filesystem;

/// Kinds of files in a folder, the preferred first.
constexpr std::string_view kEndings[] = {
    ".safetensors.index.json", ".safetensors", ".bin.index.json", ".bin", ".pt", ".pth"};

/// "model.fp16.safetensors" is the variant fp16 of a model.
bool is_variant(const fs::path& path, std::string_view ending) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - ending.size()).find('.') != std::string::npos;
}

std::vector<fs::path> files_ending_in(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && name.ends_with(ending) && !is_lora_file(entry.path())) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

fs::path choose(const fs::path& folder, std::vector<fs::path> files, std::string_view ending) {
  std::vector<fs::path> plain;
  for (const fs::path& file : files) {
    if (!is_variant(file, ending)) plain.push_back(file);
  }
  if (plain.size() == 1 || files.size() == 1) return plain.size() == 1 ? plain[0] : files[0];
  std::string names;
  for (const fs::path& file : files)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", file.filename().string());
  fail(ErrorKind::kBadInput,
       "\"{}\" holds more than one weight file ({}): name the one to read",
       folder.string(),
       names);
}

fs::path weight_file(const fs::path& folder) {
  for (const std::string_view ending : kEndings) {
    std::vector<fs::path> files = files_ending_in(folder, ending);
    if (!files.empty()) return choose(folder, std::move(files), ending);
  }
  fail(ErrorKind::kBadInput,
       "\"{}\" holds no weights: expected a .safetensors, .bin, .pt or .pth file in it",
       folder.string());
}

}  // namespace

FileOfTensor all_in(const fs::path& file) {
  return [file](const std::string&) { return file; };
}

LocatedWeights read_located_weights(const fs::path& path) {
  const fs::path file = fs::is_directory(path) ? weight_file(path) : path;
  return {read_state_dict(file), is_shard_index(file) ? file_of_shards(file) : all_in(file)};
}

StateDict read_state_dict(const fs::path& path) {
  if (fs::is_directory(path)) return read_state_dict(weight_file(path));
  if (is_shard_index(path)) return read_shards(path, read_state_dict);
  if (is_safetensors(MappedFile(path))) return read_safetensors(path);
  return state_dict_of(read_torch_file(path), fmt::format("\"{}\"", path.string()));
}

}  // namespace fmri2img::io
