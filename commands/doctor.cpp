#include "commands/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <CLI/App.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/data/checks/check_subject.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using data::Finding;
using data::Severity;

/// What was found in one folder.
struct Diagnosis {
  std::string subject;
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

std::string number_of(int64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string line_of(const std::string& subject, const Finding& finding) {
  const std::filesystem::path folder = subject;
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
  Json subjects = Json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    Json findings = Json::array();
    for (const Finding& finding : diagnosis.findings) {
      findings.push_back({{"severity", data::severity_name(finding.severity)},
                          {"code", finding.code},
                          {"file", finding.file.string()},
                          {"what", finding.what},
                          {"advice", finding.advice}});
    }
    subjects.push_back({{"subject", diagnosis.subject}, {"findings", std::move(findings)}});
  }
  return {{"errors", count_of(diagnoses, Severity::kError)},
          {"warnings", count_of(diagnoses, Severity::kWarning)},
          {"notes", count_of(diagnoses, Severity::kNote)},
          {"subjects", std::move(subjects)}};
}

struct Doctor {
  std::vector<std::string> subjects;
  bool json = false;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subjects, "Subject folders")->required();
    app.add_flag("--json", json, "Print the findings as JSON");
    compute.add_to(app);
    app.footer(
        "One line a finding: errors stop a training or spoil its result, warnings may be meant so. Exit code 3 where\n"
        "there is an error. doc/formats/subject.md lists the codes in brackets.\n"
        "Example: fmri2img doctor algonauts/subj01");
  }

  void run() {
    compute.apply();
    std::vector<Diagnosis> diagnoses;
    for (const std::string& subject : subjects) {
      diagnoses.push_back({subject, data::check_subject(subject)});
      if (json) continue;
      for (const Finding& finding : diagnoses.back().findings) fmt::print("{}\n", line_of(subject, finding));
    }
    const int64_t errors = count_of(diagnoses, Severity::kError);
    if (json) {
      fmt::print("{}\n", to_json(diagnoses).dump(2));
    } else {
      fmt::print("{}, {}, {} in {}\n",
                 number_of(errors, "error"),
                 number_of(count_of(diagnoses, Severity::kWarning), "warning"),
                 number_of(count_of(diagnoses, Severity::kNote), "note"),
                 number_of(static_cast<int64_t>(subjects.size()), "subject"));
    }
    std::fflush(stdout);
    FMRI2IMG_CHECK(errors == 0, "{} found: see the lines marked so, and run it again", number_of(errors, "error"));
  }
};

}  // namespace

Command doctor() {
  return make_command<Doctor>("doctor", "Say what is wrong with a subject's folder and what to do");
}

}  // namespace fmri2img::commands
