#include "commands/experiment_output.h"

#include <fmt/format.h>

#include <utility>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/log.h"
#include "fmri2img/experiments/decoder_rows.h"
#include "fmri2img/experiments/write_finding.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

void print_finding(const OutputFolder& folder, const findings::Finding& finding) {
  fmt::print("{}\nTables, charts and {} are in {}\n",
             experiments::to_text(finding),
             findings::kFindingFile,
             folder.path().string());
}

}  // namespace

Manifest experiment_manifest(const std::string& kind,
                             const data::Subject& subject,
                             const std::vector<reconstruction::Member>& members,
                             Json settings) {
  const auto real = [](const std::filesystem::path& path) { return std::filesystem::weakly_canonical(path).string(); };
  Manifest manifest;
  manifest.command = "experiment " + kind;
  manifest.command_line = command_line();
  manifest.settings = std::move(settings);
  manifest.inputs[real(subject.path())] = subject.fingerprint();
  if (const auto latents = subject.latents()) manifest.inputs[real(*latents)] = fingerprint(*latents);
  for (const reconstruction::Member& member : members) {
    manifest.models[real(member.folder)] = fingerprint(member.folder / "model.safetensors");
  }
  return manifest;
}

bool show_finished_experiment(const OutputFolder& folder) {
  if (!folder.was_finished()) return false;
  log_info("\"{}\" is finished already: nothing to do", folder.path().string());
  print_finding(folder, findings::read_finding(folder / findings::kFindingFile));
  return true;
}

void finish_experiment(OutputFolder& folder,
                       const findings::Finding& finding,
                       const std::map<std::string, std::string>& tables) {
  for (const auto& [name, csv] : tables) write_file(folder / name, csv);
  experiments::write_finding(folder.path(), finding);
  folder.finish();
  print_finding(folder, finding);
}

void run_resumable(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInterrupted) throw;
    fail(ErrorKind::kInterrupted, "stopped; {}", experiments::kExperimentResume);
  }
}

}  // namespace fmri2img::commands
