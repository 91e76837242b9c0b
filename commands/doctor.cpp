#include "commands/doctor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <CLI/App.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/check_subject.h"
#include "fmri2img/data/layout.h"
#include "fmri2img/model_checks/check_models.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using data::Finding;
using data::Severity;

/// What was found in one folder.
struct Diagnosis {
  std::string kind;  ///< "subject", "zoo" or "model"
  std::string folder;
  std::vector<Finding> findings;
};

int64_t count_of(const std::vector<Diagnosis>& diagnoses, Severity severity) {
  int64_t count = 0;
  for (const Diagnosis& diagnosis : diagnoses) {
    count += std::count_if(diagnosis.findings.begin(), diagnosis.findings.end(), [&](const Finding& finding) {
      return finding.severity == severity;
    });
  }
  return count;
}

/// "1 subject, 2 models".
std::string numbers_of_kinds(const std::vector<Diagnosis>& diagnoses) {
  std::vector<std::string> numbers;
  for (const char* kind : {"subject", "zoo", "model"}) {
    const auto count = std::ranges::count(diagnoses, kind, &Diagnosis::kind);
    if (count > 0) numbers.push_back(counted(count, kind, kind + std::string("s")));
  }
  return fmt::format("{}", fmt::join(numbers, ", "));
}

std::string line_of(const std::filesystem::path& folder, const Finding& finding) {
  const std::filesystem::path file = finding.file == "." ? folder : (folder / finding.file).lexically_normal();
  return fmt::format("{}: {}: {}{}{} [{}]",
                     file.string(),
                     data::severity_name(finding.severity),
                     finding.what,
                     finding.advice.empty() ? "" : "; ",
                     finding.advice,
                     finding.code);
}

Json to_json(const std::vector<Diagnosis>& diagnoses) {
  Json subjects = Json::array(), models = Json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    Json findings = Json::array();
    for (const Finding& finding : diagnosis.findings) {
      findings.push_back({{"severity", data::severity_name(finding.severity)},
                          {"code", finding.code},
                          {"file", finding.file.string()},
                          {"what", finding.what},
                          {"advice", finding.advice}});
    }
    Json& list = diagnosis.kind == "subject" ? subjects : models;
    list.push_back({{diagnosis.kind, diagnosis.folder}, {"findings", std::move(findings)}});
  }
  return {{"errors", count_of(diagnoses, Severity::kError)},
          {"warnings", count_of(diagnoses, Severity::kWarning)},
          {"notes", count_of(diagnoses, Severity::kNote)},
          {"subjects", std::move(subjects)},
          {"models", std::move(models)}};
}

struct Doctor {
  std::vector<std::string> subjects, models;
  std::string zoo;
  bool json = false;
  ComputeOptions compute;
  std::vector<Diagnosis> diagnoses;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subjects, "Subject folders, or folders that hold several");
    app.add_option("--zoo", zoo, "Folder of models: stable-diffusion/, clip/ and blip/ in it");
    app.add_option("--model", models, "A model's folder, or OpenAI's CLIP file; may be repeated")
        ->allow_extra_args(false);
    app.add_flag("--json", json, "Print the findings as JSON");
    compute.add_threads_to(app);
    app.footer(
        "One line a finding: errors stop a training or spoil its result, warnings may be meant so. Exit code 3 where\n"
        "there is an error. Of a model it is said which it is and how much memory its weights take. The codes in "
        "brackets\n"
        "are listed in doc/formats/subject.md, and for models in doc/formats/models.md.\n"
        "Example: fmri2img doctor algonauts/subj01\n"
        "Example: fmri2img doctor --zoo models --model decoder");
  }

  void run() {
    compute.apply();
    FMRI2IMG_CHECK_USAGE(!subjects.empty() || !zoo.empty() || !models.empty(),
                         "nothing to examine: name a SUBJECT, or models with --zoo or --model");
    for (const std::string& subject : subjects) refuse_model(subject);
    for (const std::string& subject : subjects) examine_subjects(subject);
    if (!zoo.empty()) add({"zoo", zoo, model_checks::check_zoo(zoo)});
    for (const std::string& model : models) add({"model", model, model_checks::check_model(model)});
    report();
  }

  /// Everything that a subject has would be found missing.
  static void refuse_model(const std::filesystem::path& folder) {
    const bool is_model = exists(folder / "config.json") || exists(folder / "model_index.json");
    FMRI2IMG_CHECK_USAGE(!is_model || exists(folder / "training_split"),
                         "\"{}\" is the folder of a model, not of a subject: examine it with --model \"{}\"",
                         folder.string(),
                         folder.string());
  }

  /// A folder of a subject, or one with the folders of several.
  void examine_subjects(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> within = data::subjects_within(folder);
    if (within.empty()) within.push_back(folder);
    for (const std::filesystem::path& subject : within) {
      add({"subject", subject.string(), data::check_subject(subject)});
    }
  }

  void add(Diagnosis diagnosis) {
    if (!json) {
      for (const Finding& finding : diagnosis.findings) fmt::print("{}\n", line_of(diagnosis.folder, finding));
    }
    diagnoses.push_back(std::move(diagnosis));
  }

  void report() const {
    const int64_t errors = count_of(diagnoses, Severity::kError);
    if (json) {
      fmt::print("{}\n", to_json(diagnoses).dump(2));
    } else {
      fmt::print("{}, {}, {} in {}\n",
                 counted(errors, "error", "errors"),
                 counted(count_of(diagnoses, Severity::kWarning), "warning", "warnings"),
                 counted(count_of(diagnoses, Severity::kNote), "note", "notes"),
                 numbers_of_kinds(diagnoses));
    }
    std::fflush(stdout);
    FMRI2IMG_CHECK(
        errors == 0, "{} found: see the lines marked so, and run it again", counted(errors, "error", "errors"));
  }
};

}  // namespace

Command doctor() {
  return make_command<Doctor>("doctor", "Say what is wrong with a subject's folder, or with models, and what to do");
}

}  // namespace fmri2img::commands
