#include "fmri2img/report/gallery.h"

#include <fmt/format.h>

#include <iterator>

#include "fmri2img/core/json.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

std::string picture_figure(const std::string& img, const std::string& name, const std::string& text, bool chosen) {
  return fmt::format("<figure{}>{}<figcaption><b>{}</b>{}{}</figcaption></figure>\n",
                     chosen ? R"( class="chosen")" : "",
                     img,
                     escape_html(name),
                     text.empty() ? "" : " ",
                     escape_html(text));
}

/// Its image above the low-level picture that it was made of.
std::string candidate_figure(const TrialView& trial, const Candidate& other, int64_t side, PictureSource& pictures) {
  const std::string by = fmt::format(" of trial {} by {}", trial.trial, other.name);
  const std::string low = pictures.img({other.low(), side}, "Low-level picture" + by);
  const auto& similarity = other.has_high() ? other.row->high_target : other.row->low_target;
  std::string value = similarity ? fmt::format(" <span class=\"value\">{:.3f}</span>", *similarity) : "";
  const std::string high =
      other.has_high() ? pictures.img({other.high(), side}, "Image" + by + ": " + other.row->caption) : "";
  return fmt::format("<figure>{}{}<figcaption><b>{}</b>{}<span class=\"caption\">{}</span></figcaption></figure>\n",
                     high,
                     low,
                     escape_html(other.name),
                     value,
                     escape_html(other.row->caption));
}

/// Scores as they are shown, by key: the gallery sorts by the numbers at their beginning.
std::string shown_scores(const TrialView& trial) {
  Json scores = Json::object();
  for (const auto& [key, value] : trial.scores) scores[key] = show_score(score_name(key), value);
  return scores.dump();
}

std::string trial_card(const TrialView& trial, int64_t side, PictureSource& pictures) {
  const std::string caption = trial.answer.row->caption;
  const std::string others = candidate_figures(trial, side, pictures);
  const char* more = others.empty() ? "enlarge" : "all candidates";
  return fmt::format(
      "<li class=\"card\" id=\"trial-{0}\" data-trial=\"{0}\" data-picture=\"{1}\" data-caption=\"{2}\" "
      "data-scores=\"{3}\">\n<div class=\"three\">\n{4}</div>\n{5}<p class=\"meta\"><span>Trial {0} {1}</span>"
      "<span class=\"score\"></span>{6}</p>\n<template>{7}</template>\n</li>\n",
      trial.trial,
      escape_html(trial.picture),
      escape_html(caption),
      escape_html(shown_scores(trial)),
      answer_figures(trial, side, pictures),
      caption.empty() ? "" : fmt::format("<p class=\"said\">{}</p>\n", escape_html(caption)),
      fmt::format("<button type=\"button\" aria-haspopup=\"dialog\" aria-label=\"Trial {}: {}\">{}</button>",
                  trial.trial,
                  more,
                  more),
      others);
}

std::string sort_option(const std::string& key, const std::string& title, bool descending, bool selected) {
  return fmt::format("<option value=\"{}\" data-order=\"{}\"{}>{}</option>\n",
                     escape_html(key),
                     descending ? "descending" : "ascending",
                     selected ? " selected" : "",
                     escape_html(title));
}

std::string gallery_controls(const std::vector<TrialView>& trials) {
  std::string options = sort_option("trial", "Trial", false, true) + sort_option("caption", "Caption", false, false) +
                        sort_option("picture", "Picture", false, false);
  for (const std::string& key : score_keys(trials)) {
    const ScoreName name = score_name(key);
    options += sort_option(key, name.title, name.higher_is_better, false);
  }
  return fmt::format(
      "<div class=\"controls\">\n<label>Sort by <select id=\"sort-key\">\n{}</select></label>\n"
      "<label>Order <select id=\"sort-order\"><option value=\"ascending\">ascending</option>"
      "<option value=\"descending\">descending</option></select></label>\n"
      "<label>Search captions and pictures <input type=\"search\" id=\"search\"></label>\n"
      "<p id=\"count\" role=\"status\"></p>\n</div>\n",
      options);
}

constexpr const char* kViewer =
    "<dialog id=\"viewer\" aria-label=\"One trial\">\n<div class=\"bar\"><button type=\"button\" class=\"previous\">"
    "Previous</button><button type=\"button\" class=\"next\">Next</button><button type=\"button\" class=\"close\">"
    "Close</button></div>\n<div class=\"content\"></div>\n</dialog>\n";

}  // namespace

int64_t thumbnail_side(const std::vector<TrialView>& trials) {
  return std::ssize(trials) < kManyTrials ? kThumbnail : kSmallThumbnail;
}

std::string answer_figures(const TrialView& trial, int64_t side, PictureSource& pictures) {
  const Candidate& answer = trial.answer;
  const std::string of_trial = fmt::format(" of trial {}", trial.trial);
  std::string figures;
  if (!trial.target.empty())
    figures += picture_figure(pictures.img({trial.target, side}, "Shown picture" + of_trial), "shown", "", false);
  const std::string low = pictures.img({answer.low(), side}, "Low-level picture" + of_trial + " by " + answer.name);
  if (!answer.has_high()) return figures + picture_figure(low, answer.name, "low level", true);
  const std::string high = fmt::format("Reconstruction{} by {}: {}", of_trial, answer.name, answer.row->caption);
  return figures + picture_figure(low, "low level", "", false) +
         picture_figure(
             pictures.img({answer.high(), side}, high), answer.row->voted ? "voted" : "made", answer.name, true);
}

std::string candidate_figures(const TrialView& trial, int64_t side, PictureSource& pictures) {
  std::string figures;
  for (const Candidate& other : trial.others) figures += candidate_figure(trial, other, side, pictures);
  if (figures.empty()) return {};
  return fmt::format("<h4>Other candidates</h4>\n<div class=\"candidates\">\n{}</div>\n", figures);
}

std::string gallery(const std::vector<TrialView>& trials, PictureSource& pictures) {
  const int64_t side = thumbnail_side(trials);
  std::string text = gallery_controls(trials) + "<ul class=\"gallery\" id=\"gallery\">\n";
  for (const TrialView& trial : trials) text += trial_card(trial, side, pictures);
  return text + "</ul>\n" + kViewer;
}

}  // namespace fmri2img::report
