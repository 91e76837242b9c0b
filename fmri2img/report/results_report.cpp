#include "fmri2img/report/results_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/report/figure_tables.h"
#include "fmri2img/report/html.h"

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

std::string figure(const std::string& picture, const std::string& name, const std::string& text, bool chosen = false) {
  return fmt::format("<figure{}>{}<figcaption><b>{}</b>{}</figcaption></figure>\n",
                     chosen ? R"( class="chosen")" : "",
                     picture,
                     escape_html(name),
                     escape_html(text));
}

std::string low_figure(const Results& results, const ResultRow& row) {
  return figure(embed_picture(results.folder / row.low, fmt::format("low-level picture by {}", row.model)),
                row.model,
                results.vote.empty() ? "" : "low-level picture");
}

std::string high_figure(const Results& results, const ResultRow& row) {
  std::string text = row.caption;
  if (row.high_target) text += fmt::format(" ({:.3f} like the target)", *row.high_target);
  return figure(
      embed_picture(results.folder / row.high, fmt::format("high-level image by {}: {}", row.model, row.caption)),
      row.voted ? row.model + ", voted" : row.model,
      text,
      row.voted);
}

/// The rows of one trial: what was shown, then everything that was made of the responses to it.
std::string trial_article(std::span<const Results> results, int64_t trial) {
  const Results& first = results.front();
  const auto is_trial = [&](const ResultRow& row) { return row.trial == trial; };
  const ResultRow& any = *std::ranges::find_if(first.rows, is_trial);
  std::string lows, highs;
  for (const Results& each : results) {
    for (const ResultRow& row : each.rows) {
      if (!is_trial(row)) continue;
      lows += low_figure(each, row);
      if (!row.high.empty()) highs += high_figure(each, row);
    }
  }
  std::string target;
  if (!any.target.empty())
    target = figure(embed_picture(first.folder / any.target, "the picture that was shown"), "shown", "");
  std::string article = fmt::format(
      "<article id=\"trial-{}\">\n<h3>Trial {} <small>{}</small></h3>\n", trial, trial, escape_html(any.picture));
  if (highs.empty()) return article + fmt::format("<div class=\"pictures\">\n{}{}</div>\n</article>\n", target, lows);
  // Each low-level picture stands below the image that was made of it.
  return article + fmt::format(
                       "<div class=\"pictures\">\n{}{}</div>\n<div "
                       "class=\"pictures\">\n<figure></figure>\n{}</div>\n</article>\n",
                       target.empty() ? "<figure></figure>\n" : target,
                       highs,
                       lows);
}

std::string header(std::span<const Results> results) {
  const Results& first = results.front();
  std::string text = fmt::format(
      "<header>\n<h1>What {} saw, and what was read from the responses</h1>\n<p>{} trials of the {} split ({}), "
      "decoders {}{}.</p>\n",
      escape_html(first.subject),
      format_count(static_cast<int64_t>(trials_of(first).size())),
      first.partition,
      escape_html(first.trials),
      escape_html(fmt::format("{}", fmt::join(first.models, ", "))),
      first.vote.empty() ? "" : "; the vote is " + escape_html(first.vote));
  for (const Results& each : results) {
    const Manifest manifest = Manifest::read(each.folder / "manifest.json");
    text += fmt::format("<p class=\"soft\"><code>{}</code></p>\n",
                        escape_html(fmt::format("{}", fmt::join(manifest.command_line, " "))));
  }
  return text + "</header>\n";
}

}  // namespace

void write_results_report(const std::filesystem::path& file, std::span<const Results> results) {
  FMRI2IMG_ASSERT(!results.empty());
  check_same_trials(results);
  std::string body = header(results);
  for (const Results& each : results) body += score_table(each.folder);
  body += vote_table(results.front().folder);
  body += "<section>\n<h2>Trials</h2>\n";
  for (const int64_t trial : trials_of(results.front())) body += trial_article(results, trial);
  body += fmt::format("</section>\n<footer class=\"soft\">fmri2img {}</footer>\n", version());
  write_file(file, html_page(results.front().subject + ": reconstructions", body));
}

}  // namespace fmri2img::report
