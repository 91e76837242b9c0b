#include <algorithm>
#include <charconv>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/decoding/ridge/choose_ridge.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kMostFoldedRows = 2000;

double positive_number(const std::string& text, const char* option, const char* words) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  FMRI2IMG_CHECK_USAGE(error == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value > 0,
                       "{} is \"{}\", must be {} or a positive number",
                       option,
                       text,
                       words);
  return value;
}

int64_t positive_count(const std::string& text, const char* option, const char* words) {
  const double value = positive_number(text, option, words);
  FMRI2IMG_CHECK_USAGE(value == std::floor(value) && value < 1e15, "{} is {}, must be a whole number", option, text);
  return static_cast<int64_t>(value);
}

}  // namespace

RidgeSettings parse_settings(const RidgeTrainingOptions& options, int64_t rows, int64_t vertices) {
  FMRI2IMG_CHECK_USAGE(
      rows >= 4,
      "ridge needs at least 4 training rows, found {}: name more with --train-rows, or hold out fewer (--hold-out)",
      rows);
  FMRI2IMG_CHECK_USAGE(options.folds >= 2, "--folds is {}, must be at least 2", options.folds);
  RidgeSettings settings;
  settings.folds = std::min<int64_t>(options.folds, rows);
  settings.penalty_by_folds = options.alpha == "folds" || (options.alpha == "auto" && rows <= kMostFoldedRows);
  if (options.alpha != "auto" && options.alpha != "gcv" && options.alpha != "folds") {
    settings.penalty = positive_number(options.alpha, "--alpha", "auto, gcv, folds");
  }
  if (options.components != "auto") {
    settings.components =
        options.components == "off" ? 0 : positive_count(options.components, "--components", "auto, off");
  }
  if (options.vertices != "auto") {
    settings.vertices =
        options.vertices == "all" ? vertices : positive_count(options.vertices, "--vertices", "auto, all");
    FMRI2IMG_CHECK_USAGE(
        settings.vertices <= vertices, "--vertices is {}, but the selection has only {}", settings.vertices, vertices);
  }
  return settings;
}

}  // namespace fmri2img::decoding
