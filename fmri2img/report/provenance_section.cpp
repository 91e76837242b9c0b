#include "fmri2img/report/provenance_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ctime>
#include <map>

#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/findings/readable_key.h"
#include "fmri2img/report/decoder_names.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

std::string fact(const std::string& name, const std::string& text) {
  return text.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), escape_html(text));
}

std::string setting_text(const Json& value) {
  if (value.is_null() || (value.is_string() && value.get<std::string>().empty())) return "none";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return fmt::format("{}", fmt::join(items, ", "));
}

/// Seconds between two times as `utc_now` writes them; 0 where one is missing.
double seconds_between(const std::string& started, const std::string& finished) {
  std::tm first{}, last{};
  if (strptime(started.c_str(), "%Y-%m-%dT%H:%M:%SZ", &first) == nullptr ||
      strptime(finished.c_str(), "%Y-%m-%dT%H:%M:%SZ", &last) == nullptr)
    return 0;
  return std::difftime(timegm(&last), timegm(&first));
}

std::string hash_list(const std::string& title, const std::map<std::string, std::string>& files) {
  if (files.empty()) return {};
  std::string facts;
  for (const auto& [path, hash] : files)
    facts += fmt::format("<dt><code>{}</code></dt><dd><code>{}</code></dd>\n", escape_html(path), escape_html(hash));
  return fmt::format("<details><summary>{} <small>{}</small></summary>\n<dl class=\"facts\">\n{}</dl></details>\n",
                     title,
                     files.size(),
                     facts);
}

std::string run_facts(const reconstruction::Results& run, const Manifest& manifest) {
  std::string facts = fact("Folder", run.folder.string()) + fact("Subject", run.subject) +
                      fact("Trials", fmt::format("{} of the {} split", run.trials, run.partition)) +
                      fact("Decoders", fmt::format("{}", fmt::join(decoder_names(run), ", "))) + fact("Vote", run.vote);
  const Json written_by = read_json(run.folder / "manifest.json").value("version", Json());
  if (written_by.is_string()) facts += fact("Program", "fmri2img " + written_by.get<std::string>());
  facts += fact("Started", manifest.started);
  const double seconds = seconds_between(manifest.started, manifest.finished);
  if (seconds > 0) facts += fact("Took", format_duration(seconds));
  const Json memory = manifest.results.value("peak_memory_bytes", Json());
  if (memory.is_number()) facts += fact("Peak memory", format_bytes(memory.get<int64_t>()));
  return facts;
}

/// The command line, and folded what it was given.
std::string command_facts(const Manifest& manifest) {
  std::string settings;
  for (const auto& [key, value] : manifest.settings.items())
    settings += fact(findings::readable_key(key), setting_text(value));
  return fmt::format("<pre>{}</pre>\n", escape_html(fmt::format("{}", fmt::join(manifest.command_line, " ")))) +
         (settings.empty() ? ""
                           : fmt::format("<details><summary>Settings <small>{}</small></summary>\n<dl class=\"facts\">"
                                         "\n{}</dl></details>\n",
                                         manifest.settings.size(),
                                         settings)) +
         hash_list("Data that was read", manifest.inputs) + hash_list("Models", manifest.models);
}

std::string run_provenance(const reconstruction::Results& run) {
  const Manifest manifest = Manifest::read(run.folder / "manifest.json");
  return fmt::format("<dl class=\"facts\">\n{}</dl>\n", run_facts(run, manifest)) + command_facts(manifest);
}

}  // namespace

std::string provenance_section(std::span<const reconstruction::Results> results) {
  std::string text;
  for (const reconstruction::Results& run : results) {
    if (results.size() > 1) text += fmt::format("<h3>{}</h3>\n", escape_html(run.folder.filename().string()));
    text += run_provenance(run);
  }
  return text;
}

std::string finding_provenance(const std::filesystem::path& finding) {
  const std::filesystem::path file = finding.parent_path() / "manifest.json";
  if (!exists(file)) return {};
  return fmt::format("<details><summary>How this was made</summary>\n{}</details>\n",
                     command_facts(Manifest::read(file)));
}

}  // namespace fmri2img::report
