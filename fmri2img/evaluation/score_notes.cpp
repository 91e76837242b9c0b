#include "fmri2img/evaluation/score_notes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;

constexpr size_t kNamedSizes = 3;

const char* why_undefined(const std::string& score) {
  if (score == "pixel_correlation") return "constant pictures";
  if (score.starts_with("ssim")) return "a side is shorter than the window of 11 pixels";
  return "constant features";
}

/// Sizes (height, width) of the targets as they were shown, each with one of them.
std::map<std::pair<int64_t, int64_t>, std::string> target_sizes(const Results& results,
                                                                const std::vector<ResultRow>& rows) {
  std::map<std::pair<int64_t, int64_t>, std::string> sizes;
  for (const ResultRow& row : rows) {
    const io::ImageInfo info = io::read_image_info(results.folder / row.target);
    sizes.try_emplace({info.height, info.width}, row.target);
  }
  return sizes;
}

}  // namespace

void add_score_notes(Evaluation& evaluation) {
  auto& notes = evaluation.notes;
  const auto images = static_cast<int64_t>(evaluation.images.size());
  if (evaluation.training_rows > 0) {
    notes.push_back(fmt::format("{} of {} images were TRAINED ON: these are not scores of new pictures. They are {}",
                                format_count(evaluation.training_rows),
                                format_count(images),
                                name_some(evaluation.trained_on)));
  }
  for (const Score& score : evaluation.model_scores.scores) {
    if (score.name.starts_with("identification")) continue;  // its images without a share are those of constant targets
    if (score.undefined == 0 || (images < 2 && !score.name.starts_with("pixel") && !score.name.starts_with("ssim")))
      continue;
    notes.push_back(fmt::format("{} is not defined for {} of {} images ({}): they are left out of its mean",
                                score.name,
                                format_count(score.undefined),
                                format_count(images),
                                why_undefined(score.name)));
    if (score.name == "pixel_correlation" && score.undefined > evaluation.constant_targets)
      notes.emplace_back("identification counts a constant reconstruction as a failure");
  }
  if (evaluation.constant_targets > 0) {
    notes.push_back(
        fmt::format("{} of {} targets are constant: identification leaves them out, as images and as distractors",
                    format_count(evaluation.constant_targets),
                    format_count(images)));
  }
  if (evaluation.protocol.images > 0 && evaluation.protocol.images != images) {
    notes.push_back(fmt::format("published figures of \"{}\" are over {} images, these over {}",
                                evaluation.protocol.name,
                                format_count(evaluation.protocol.images),
                                format_count(images)));
  }
}

void add_size_notes(Evaluation& evaluation, const Results& results, const std::vector<ResultRow>& rows) {
  auto& notes = evaluation.notes;
  const bool resizes = evaluation.protocol.resizing != Resizing::kNone;
  const std::string low = fmt::format("the low-level pictures' {} x {}", results.height, results.width);
  const auto note_brought = [&](const char* what, int64_t height, int64_t width) {
    if (resizes || (height == results.height && width == results.width)) return;
    notes.push_back(fmt::format("{} of {} x {} pixels were brought to {}", what, height, width, low));
  };
  if (resizes && !results.targets_as_shown) {
    notes.push_back(
        fmt::format("these results keep targets at the codec's {} x {} pixels (version 2): where the pictures were "
                    "shown larger, \"{}\" compares with those. Reconstruct again for such figures",
                    results.height,
                    results.width,
                    evaluation.protocol.name));
  }
  const auto sizes = target_sizes(results, rows);
  if (sizes.size() == 1) {
    note_brought("targets", sizes.begin()->first.first, sizes.begin()->first.second);
  } else {
    std::vector<std::string> examples;
    for (const auto& [size, file] : sizes)
      examples.push_back(fmt::format("{} x {} (\"{}\")", size.first, size.second, file));
    examples.resize(std::min(examples.size(), kNamedSizes));
    notes.push_back(fmt::format("targets are of {} sizes, {}: each was {} by itself",
                                sizes.size(),
                                fmt::join(examples, ", "),
                                resizes ? "resized" : "brought to " + low));
  }
  if (!results.vote.empty()) note_brought("high-level images", results.high_height, results.high_width);
}

}  // namespace fmri2img::evaluation
