#include "fmri2img/report/results_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/report/best_and_worst.h"
#include "fmri2img/report/comparison_section.h"
#include "fmri2img/report/decoder_names.h"
#include "fmri2img/report/decoder_section.h"
#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/finding_section.h"
#include "fmri2img/report/gallery.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/provenance_section.h"
#include "fmri2img/report/score_section.h"
#include "fmri2img/report/vote_section.h"
#include "fmri2img/report/warnings.h"

namespace fmri2img::report {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;

std::set<int64_t> trials_of(const Results& results) {
  std::set<int64_t> trials;
  for (const ResultRow& row : results.rows) trials.insert(row.trial);
  return trials;
}

void check_same_trials(std::span<const Results> results) {
  const Results& first = results.front();
  for (const Results& other : results.subspan(1)) {
    const bool same =
        other.subject == first.subject && other.partition == first.partition && trials_of(other) == trials_of(first);
    if (same) continue;
    fail(ErrorKind::kMismatch,
         "\"{}\" holds {} {} trials of {}, \"{}\" {} {} trials of {}: a report is about one subject's same trials",
         first.folder.string(),
         trials_of(first).size(),
         first.partition,
         first.subject,
         other.folder.string(),
         trials_of(other).size(),
         other.partition,
         other.subject);
  }
}

/// All pictures of a trial at the size of the gallery; of those in the best and worst also larger.
std::vector<PictureUse> picture_uses(const std::vector<TrialView>& trials) {
  std::vector<PictureUse> uses;
  const auto add = [&](const std::filesystem::path& file, int64_t side) { uses.push_back({file, side}); };
  const auto add_answer = [&](const TrialView& trial, int64_t side) {
    if (!trial.target.empty()) add(trial.target, side);
    add(trial.answer.low(), side);
    if (trial.answer.has_high()) add(trial.answer.high(), side);
  };
  const auto add_others = [&](const TrialView& trial, int64_t side) {
    for (const Candidate& other : trial.others) {
      add(other.low(), side);
      if (other.has_high()) add(other.high(), side);
    }
  };
  for (const TrialView& trial : trials) {
    add_answer(trial, thumbnail_side(trials));
    add_others(trial, thumbnail_side(trials));
  }
  for (const RankedTrials& rank : rank_trials(trials)) {
    for (const TrialView* trial : rank.trials) {
      add_answer(*trial, kLargePicture);
      add_others(*trial, kThumbnail);
    }
  }
  return uses;
}

std::string page_header(std::span<const Results> results, const std::vector<std::string>& warnings) {
  const Results& first = results.front();
  const std::vector<std::string> decoders = decoder_names(first);
  const bool averaged = decoders.size() < first.models.size();
  return fmt::format(
             "<header>\n<h1>What {} saw, and what was read from the responses</h1>\n<p class=\"lead\">{} of the "
             "{} split, {} ({}){}{}.</p>\n",
             escape_html(first.subject),
             counted(static_cast<int64_t>(trials_of(first).size()), "trial", "trials"),
             first.partition,
             counted(static_cast<int64_t>(decoders.size()), "decoder", "decoders"),
             escape_html(fmt::format("{}", fmt::join(decoders, ", "))),
             averaged ? " and their average" : "",
             first.vote.empty() ? "" : "; the answer is chosen by the vote " + escape_html(first.vote)) +
         headline_figures(read_evaluations(first.folder)) + warning_box(warnings) + "</header>\n";
}

/// What a link has room for: "Experiment 1" of "Experiment 1: ROI sets and batch sizes".
std::string short_title(const std::string& title) {
  return title.substr(0, title.find_first_of(":,"));
}

std::vector<std::string> all_warnings(std::span<const Results> results,
                                      std::span<const std::filesystem::path> findings,
                                      bool examine_subject) {
  std::vector<std::string> warnings = result_warnings(results);
  std::ranges::copy(finding_warnings(results.front(), findings), std::back_inserter(warnings));
  const auto subject = examine_subject ? subject_folder(results.front()) : std::nullopt;
  if (subject) std::ranges::copy(subject_warnings(*subject), std::back_inserter(warnings));
  return warnings;
}

}  // namespace

void write_results_report(const std::filesystem::path& file,
                          std::span<const Results> results,
                          const ReportOptions& options) {
  FMRI2IMG_ASSERT(!results.empty());
  check_same_trials(results);
  const std::vector<std::filesystem::path> found = find_findings(options.findings, results.front().folder);
  const std::vector<TrialView> trials = view_trials(results);
  PictureSource pictures(file, options.link_images);
  pictures.prepare(picture_uses(trials));

  HtmlPage page{.title = results.front().subject + ": reconstructions",
                .header = page_header(results, all_warnings(results, found, options.examine_subject)),
                .footer = fmt::format("Made by fmri2img {}. Charts are drawn by Observable Plot and D3 (ISC licence; "
                                      "notices are in this file).",
                                      version()),
                .links_images = options.link_images};
  page.sections = {{"best", "Best, median and worst", "Best and worst", best_and_worst(trials, pictures)},
                   {"scores", "How close to what was shown", "Scores", score_section(results)},
                   {"comparisons", "Against other runs", "Comparisons", comparison_section(results.front().folder)},
                   {"votes", "Which image to believe", "Votes", vote_section(results.front().folder)}};
  for (size_t i = 0; i < found.size(); ++i) {
    const std::string id = fmt::format("finding-{}", i + 1);
    const findings::Finding finding = findings::read_finding(found[i]);
    page.sections.push_back(
        {id, finding.title, short_title(finding.title), finding_section(finding, id) + finding_provenance(found[i])});
  }
  page.sections.push_back({"trials", "All trials", "All trials", gallery(trials, pictures)});
  page.sections.push_back({"decoders", "Decoders and their training", "Decoders", decoder_section(results)});
  page.sections.push_back({"run", "What was run, and on what", "The run", provenance_section(results)});
  write_file(file, render(page));
}

}  // namespace fmri2img::report
