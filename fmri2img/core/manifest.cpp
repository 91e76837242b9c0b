#include "fmri2img/core/manifest.h"

#include <fmt/chrono.h>

#include <set>

#include "fmri2img/core/version.h"

namespace fmri2img {
namespace {

void compare_settings(const Json& there, const Json& here, std::vector<std::string>& differences) {
  std::set<std::string> keys;
  for (const auto& [key, value] : there.items()) keys.insert(key);
  for (const auto& [key, value] : here.items()) keys.insert(key);
  for (const std::string& key : keys) {
    const Json a = there.value(key, Json());
    const Json b = here.value(key, Json());
    if (a != b) differences.push_back(fmt::format("setting \"{}\" is {} there and {} here", key, a.dump(), b.dump()));
  }
}

using Fingerprints = std::map<std::string, std::string>;

void compare_files(const char* kind,
                   const Fingerprints& there,
                   const Fingerprints& here,
                   std::vector<std::string>& differences) {
  for (const auto& [path, print] : here) {
    const auto found = there.find(path);
    if (found == there.end())
      differences.push_back(fmt::format("{} \"{}\" was not part of it", kind, path));
    else if (found->second != print)
      differences.push_back(fmt::format("{} \"{}\" has changed since", kind, path));
  }
  for (const auto& [path, print] : there) {
    if (!here.contains(path)) differences.push_back(fmt::format("{} \"{}\" is not part of this run", kind, path));
  }
}

}  // namespace

std::string version() {
  return FMRI2IMG_VERSION;
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Json Manifest::to_json() const {
  return {{"program", "fmri2img"},
          {"version", version()},
          {"command", command},
          {"command_line", command_line},
          {"settings", settings},
          {"inputs", inputs},
          {"models", models},
          {"started", started},
          {"finished", finished},
          {"results", results}};
}

Manifest Manifest::read(const std::filesystem::path& path) {
  JsonFields fields(read_json(path), fmt::format("\"{}\"", path.string()));
  Manifest manifest;
  fields.ignore({"program", "version"});
  manifest.command = fields.require<std::string>("command");
  manifest.command_line = fields.require<std::vector<std::string>>("command_line");
  manifest.settings = fields.require<Json>("settings");
  manifest.inputs = fields.require<Fingerprints>("inputs");
  manifest.models = fields.require<Fingerprints>("models");
  manifest.started = fields.require<std::string>("started");
  manifest.finished = fields.require<std::string>("finished");
  manifest.results = fields.require<Json>("results");
  fields.finish();
  return manifest;
}

std::vector<std::string> Manifest::differences(const Manifest& other) const {
  std::vector<std::string> differences;
  if (command != other.command) differences.push_back(fmt::format("it was made by \"{}\"", command));
  compare_settings(settings, other.settings, differences);
  compare_files("input", inputs, other.inputs, differences);
  compare_files("model", models, other.models, differences);
  return differences;
}

}  // namespace fmri2img
