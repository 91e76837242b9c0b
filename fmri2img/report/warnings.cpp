#include "fmri2img/report/warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/check_subject.h"
#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/html.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

void add_once(std::vector<std::string>& warnings, const std::string& warning) {
  if (std::ranges::find(warnings, warning) == warnings.end()) warnings.push_back(warning);
}

/// The first sentences of a list, and how many more there are.
std::string some_of(const Json& sentences) {
  constexpr size_t kMost = 10;
  std::string text;
  for (size_t i = 0; i < std::min(kMost, sentences.size()); ++i)
    text += (i == 0 ? "" : "; ") + sentences[i].get<std::string>();
  if (sentences.size() > kMost) text += fmt::format("; and {} more", sentences.size() - kMost);
  return text;
}

int64_t trained_on_rows(const reconstruction::Results& run) {
  return std::ranges::count_if(run.rows, &reconstruction::ResultRow::trained_on);
}

}  // namespace

std::optional<fs::path> subject_folder(const reconstruction::Results& results) {
  const Manifest manifest = Manifest::read(results.folder / "manifest.json");
  for (const auto& [path, hash] : manifest.inputs) {
    if (is_directory(fs::path(path) / "training_split")) return path;
  }
  return {};
}

std::vector<std::string> result_warnings(std::span<const reconstruction::Results> results) {
  std::vector<std::string> warnings;
  for (const reconstruction::Results& run : results) {
    if (const int64_t rows = trained_on_rows(run); rows > 0)
      add_once(warnings,
               fmt::format("{} of {} reconstructions are of pictures that their model was trained on: they are no "
                           "measure of what it does with new ones.",
                           format_count(rows),
                           format_count(static_cast<int64_t>(run.rows.size()))));
    for (const Json& evaluation : read_evaluations(run.folder)) {
      const std::string preset = protocol_label(evaluation);
      if (const Json leaks = evaluation.value("trained_on", Json::array()); !leaks.empty())
        add_once(warnings, fmt::format("Scored all the same (preset {}): {}", preset, some_of(leaks)));
      for (const Json& note : evaluation.value("notes", Json::array()))
        add_once(warnings, fmt::format("{} (evaluate, preset {})", note.get<std::string>(), preset));
    }
  }
  return warnings;
}

std::vector<std::string> finding_warnings(const reconstruction::Results& run, std::span<const fs::path> findings) {
  const std::map<std::string, std::string> known = Manifest::read(run.folder / "manifest.json").inputs;
  const auto hash_of = [](const auto& input) { return input.second; };
  std::vector<std::string> warnings;
  for (const fs::path& finding : findings) {
    const fs::path file = finding.parent_path() / "manifest.json";
    if (!exists(file)) continue;
    const Manifest manifest = Manifest::read(file);
    if (manifest.inputs.empty() ||
        std::ranges::find_first_of(manifest.inputs, known, {}, hash_of, hash_of) != manifest.inputs.end())
      continue;
    warnings.push_back(fmt::format("\"{}\" is about other data (\"{}\") than these trials.",
                                   finding.parent_path().string(),
                                   manifest.inputs.begin()->first));
  }
  return warnings;
}

std::vector<std::string> subject_warnings(const fs::path& subject) {
  std::vector<std::string> warnings;
  for (const data::Finding& finding : data::check_subject(subject)) {
    if (finding.severity == data::Severity::kNote) continue;
    warnings.push_back(fmt::format("{}: {}: {}{}{} (doctor, {})",
                                   finding.file == "." ? subject.string() : finding.file.string(),
                                   data::severity_name(finding.severity),
                                   finding.what,
                                   finding.advice.empty() ? "" : "; ",
                                   finding.advice,
                                   finding.code));
  }
  return warnings;
}

std::string warning_box(const std::vector<std::string>& warnings) {
  if (warnings.empty()) return {};
  std::string items;
  for (const std::string& warning : warnings) items += fmt::format("<li>{}</li>\n", escape_html(warning));
  return "<aside class=\"warnings\" aria-labelledby=\"warnings-title\">\n<h2 id=\"warnings-title\">Before you believe "
         "these figures</h2>\n<ul>\n" +
         items + "</ul>\n</aside>\n";
}

}  // namespace fmri2img::report
