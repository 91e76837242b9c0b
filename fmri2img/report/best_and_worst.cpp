#include "fmri2img/report/best_and_worst.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "fmri2img/core/text.h"
#include "fmri2img/report/gallery.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

constexpr int64_t kMostOfARank = 3;

/// Trials that have the score, best first.
std::vector<const TrialView*> ordered_by(const std::vector<TrialView>& trials, const ScoreName& name) {
  std::vector<const TrialView*> ordered;
  for (const TrialView& trial : trials) {
    if (trial.scores.contains(name.key)) ordered.push_back(&trial);
  }
  std::ranges::stable_sort(ordered, [&](const TrialView* a, const TrialView* b) {
    const double left = a->scores.at(name.key), right = b->scores.at(name.key);
    return name.higher_is_better ? left > right : left < right;
  });
  return ordered;
}

/// "Pixel correlation" as "pixel correlation"; "SSIM" and "CLIP similarity" stay.
std::string in_sentence(std::string title) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (title.size() > 1 && is_small(title[1]) && !is_small(title[0])) title[0] = static_cast<char>(title[0] - 'A' + 'a');
  return title;
}

std::string ranked_article(const TrialView& trial, const ScoreName& name, PictureSource& pictures) {
  const std::string caption = trial.answer.row->caption;
  return fmt::format(
      "<article class=\"highlight\">\n<h4>Trial {} <span class=\"value\">{} &middot; {} {}</span></h4>\n"
      "<div class=\"row\"><div><div class=\"three\">\n{}</div>{}</div>\n<div>{}</div></div>\n</article>\n",
      trial.trial,
      escape_html(trial.picture),
      escape_html(name.title),
      show_score(name, trial.scores.at(name.key)),
      answer_figures(trial, kLargePicture, pictures),
      caption.empty() ? "" : fmt::format("<p class=\"said\">{}</p>", escape_html(caption)),
      candidate_figures(trial, kThumbnail, pictures));
}

}  // namespace

std::vector<RankedTrials> rank_trials(const std::vector<TrialView>& trials) {
  const std::string key = ranking_key(trials);
  if (key.empty()) return {};
  const std::vector<const TrialView*> ordered = ordered_by(trials, score_name(key));
  const auto size = std::ssize(ordered), count = std::min<int64_t>(kMostOfARank, size / 3);
  if (count == 0) return {};
  const auto some = [&](int64_t first) {
    return std::vector<const TrialView*>(ordered.begin() + first, ordered.begin() + first + count);
  };
  return {{"Best", some(0)}, {"Median", some((size - count) / 2)}, {"Worst", some(size - count)}};
}

std::string best_and_worst(const std::vector<TrialView>& trials, PictureSource& pictures) {
  const ScoreName name = score_name(ranking_key(trials));
  std::string text;
  for (const RankedTrials& rank : rank_trials(trials)) {
    // Trials without other candidates leave room for each other.
    const bool alone = std::ranges::all_of(rank.trials, [](const TrialView* trial) { return trial->others.empty(); });
    text += fmt::format("<h3>{}</h3>\n<div class=\"{}\">\n", rank.title, alone ? "abreast" : "ranked");
    for (const TrialView* trial : rank.trials) text += ranked_article(*trial, name, pictures);
    text += "</div>\n";
  }
  if (text.empty()) return {};
  return fmt::format(
             "<p class=\"lead\">By {} of the answer to what was shown, over all {} trials. The answer is "
             "outlined{}.</p>\n",
             escape_html(in_sentence(name.title)),
             format_count(static_cast<int64_t>(trials.size())),
             name.key == "similarity" ? "; small numbers are the similarities of the others" : "") +
         text;
}

}  // namespace fmri2img::report
