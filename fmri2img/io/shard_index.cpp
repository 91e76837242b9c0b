#include "fmri2img/io/shard_index.h"

#include <map>
#include <string>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"

namespace fmri2img::io {
namespace {

/// File -> the tensors that the index places in it.
std::map<std::string, std::vector<std::string>> shards_of(const std::filesystem::path& index) {
  const std::string where = fmt::format("\"{}\"", index.string());
  const Json weight_map = JsonFields(read_json(index), where).require<Json>("weight_map");
  FMRI2IMG_CHECK(
      weight_map.is_object() && !weight_map.empty(), "{}: \"weight_map\" must be an object of tensor names", where);
  std::map<std::string, std::vector<std::string>> shards;
  for (const auto& [tensor, file] : weight_map.items()) {
    const std::string name = file.is_string() ? file.get<std::string>() : "";
    FMRI2IMG_CHECK(!name.empty() && name != "." && name != ".." && std::filesystem::path(name).filename() == name,
                   "{}: tensor \"{}\" is in {}, which is not the name of a file beside the index",
                   where,
                   tensor,
                   file.dump());
    shards[name].push_back(tensor);
  }
  return shards;
}

}  // namespace

bool is_shard_index(const std::filesystem::path& path) {
  return path.string().ends_with(".index.json");
}

StateDict read_shards(const std::filesystem::path& index,
                      const std::function<StateDict(const std::filesystem::path&)>& read_shard) {
  StateDict all;
  for (const auto& [file, names] : shards_of(index)) {
    StateDict shard = read_shard(index.parent_path() / file);
    for (const std::string& name : names) {
      const auto node = shard.extract(name);
      FMRI2IMG_CHECK(!node.empty(),
                     "\"{}\": tensor \"{}\" is not in \"{}\", where the index places it",
                     index.string(),
                     name,
                     file);
      all[name] = node.mapped();
    }
    FMRI2IMG_CHECK(shard.empty(),
                   "\"{}\": tensor \"{}\" of \"{}\" is not in the index",
                   index.string(),
                   shard.empty() ? "" : shard.begin()->first,
                   file);
  }
  return all;
}

FileOfTensor file_of_shards(const std::filesystem::path& index) {
  std::map<std::string, std::string> shard_of;
  for (const auto& [file, names] : shards_of(index)) {
    for (const std::string& name : names) shard_of[name] = file;
  }
  return [index, shard_of](const std::string& name) {
    const auto shard = shard_of.find(name);
    return shard == shard_of.end() ? index : index.parent_path() / shard->second;
  };
}

}  // namespace fmri2img::io
