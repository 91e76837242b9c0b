#include "fmri2img/report/evaluation_json.h"

#include <set>

namespace fmri2img::report {

namespace fs = std::filesystem;

std::vector<fs::path> evaluation_files(const fs::path& results) {
  std::vector<fs::path> files;
  if (exists(results / "evaluation.json")) files.push_back(results / "evaluation.json");
  std::set<fs::path> others;
  for (const auto& entry : fs::directory_iterator(results)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("evaluation_") && name.ends_with(".json")) others.insert(entry.path());
  }
  files.insert(files.end(), others.begin(), others.end());
  return files;
}

std::vector<Json> read_evaluations(const fs::path& results) {
  std::vector<Json> evaluations;
  for (const fs::path& file : evaluation_files(results)) evaluations.push_back(read_json(file));
  return evaluations;
}

bool is_score(const Json& json) {
  return json.is_object() && json.contains("mean");
}

bool has_value(const Json& json) {
  return is_score(json) && json.at("mean").is_number();
}

std::string protocol_label(const Json& evaluation) {
  return evaluation.value("protocol", evaluation.at("preset").get<std::string>());
}

}  // namespace fmri2img::report
