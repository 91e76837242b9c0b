#include "fmri2img/evaluation/evaluate.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/seen_pictures.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/identification.h"
#include "fmri2img/statistics/ssim.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;

constexpr int64_t kChancePairs = 1000;  // enough for a baseline; scoring all pairs would cost N times the run
constexpr int64_t kBlockBytes = int64_t{1} << 30;  // of pictures held at once for the all-pairs correlations

/// Reads and prepares pictures of one results folder.
class PictureReader {
 public:
  PictureReader(const Results& results, const Protocol& protocol) : results_(results), protocol_(protocol) {}

  at::Tensor operator()(const std::string& name) const {
    const std::filesystem::path path = results_.folder / name;
    at::Tensor picture = io::read_image(path);
    if (picture.size(0) == results_.high_height && picture.size(1) == results_.high_width) {
      picture = reconstruction::at_codec_size(picture, {results_.height, results_.width, 3});
    }
    FMRI2IMG_CHECK(picture.size(0) == results_.height && picture.size(1) == results_.width,
                   "\"{}\" is {} x {} pixels, the pictures of this run are {} x {}: reconstruct again",
                   path.string(),
                   picture.size(0),
                   picture.size(1),
                   results_.height,
                   results_.width);
    return protocol_.prepare(picture);
  }

 private:
  const Results& results_;
  const Protocol& protocol_;
};

/// The mean of what is defined.
Score summarise(std::string name, const std::vector<double>& values, uint64_t seed) {
  Score score{std::move(name), std::nullopt, 0};
  std::vector<double> defined;
  for (const double value : values) {
    if (std::isfinite(value)) defined.push_back(value);
  }
  score.undefined = static_cast<int64_t>(values.size() - defined.size());
  if (!defined.empty()) score.interval = statistics::bootstrap_mean(defined, seed);
  return score;
}

std::vector<Score> summarise(const std::vector<PictureScores>& images, uint64_t seed) {
  const auto column = [&](const char* name, double PictureScores::*field) {
    std::vector<double> values;
    for (const PictureScores& scores : images) values.push_back(scores.*field);
    return summarise(name, values, seed);
  };
  return {column("pixel_correlation", &PictureScores::pixel_correlation),
          column("mse", &PictureScores::mse),
          column("ssim", &PictureScores::ssim),
          column("ssim_1d", &PictureScores::ssim_1d)};
}

Score exact(std::string name, double value) {
  return {std::move(name), statistics::Interval{value, value, value}, 0};
}

/// Mean over `values` that are defined, NaN where none is.
double mean_of_defined(const std::vector<PictureScores>& pairs, double PictureScores::*field) {
  double sum = 0;
  int64_t count = 0;
  for (const PictureScores& pair : pairs) {
    if (!std::isfinite(pair.*field)) continue;
    sum += pair.*field;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : std::nan("");
}

PictureScores mean_of_pairs(const std::vector<PictureScores>& pairs) {
  return {mean_of_defined(pairs, &PictureScores::pixel_correlation),
          mean_of_defined(pairs, &PictureScores::mse),
          mean_of_defined(pairs, &PictureScores::ssim),
          mean_of_defined(pairs, &PictureScores::ssim_1d)};
}

/// For each image, `partners` other images: neighbours on a seeded circle, so that every target is used equally often.
std::vector<std::vector<int64_t>> chance_partners(int64_t images, uint64_t seed) {
  std::vector<std::vector<int64_t>> partners(static_cast<size_t>(images));
  const int64_t each = std::clamp<int64_t>(kChancePairs / images, std::min<int64_t>(1, images - 1), images - 1);
  at::Generator generator = make_generator(seed);
  const at::Tensor circle = at::randperm(images, generator, at::kLong);
  const int64_t* place = circle.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < images; ++i) {
    for (int64_t step = 1; step <= each; ++step) {
      partners[static_cast<size_t>(place[i])].push_back(place[(i + step) % images]);
    }
  }
  return partners;
}

/// The pixel scores of every image and of the baselines, one image at a time.
struct PixelScores {
  std::vector<PictureScores> model, mean_picture, chance;
};

PixelScores score_pixels(const Results& results,
                         const std::vector<ResultRow>& rows,
                         PictureFile file,
                         const PictureReader& read,
                         uint64_t seed) {
  const auto images = static_cast<int64_t>(rows.size());
  const auto partners = chance_partners(images, seed);
  std::optional<at::Tensor> mean_picture;
  if (!results.mean_picture.empty()) mean_picture = read(results.mean_picture);
  PixelScores scores;
  Progress progress("scoring pictures", "images", images);
  for (size_t i = 0; i < rows.size(); ++i) {
    stop_if_interrupted("run the same command again");
    const at::Tensor target = read(rows[i].target);
    const at::Tensor made = read(rows[i].*file);
    scores.model.push_back(score_pictures(target, made));
    if (mean_picture) scores.mean_picture.push_back(score_pictures(target, *mean_picture));
    std::vector<PictureScores> pairs;
    for (const int64_t other : partners[i]) {
      pairs.push_back(score_pictures(read(rows[static_cast<size_t>(other)].target), made));
    }
    if (!pairs.empty()) scores.chance.push_back(mean_of_pairs(pairs));
    progress.advance();
  }
  return scores;
}

/// r[i, j] = Pearson(target i, reconstruction j) over the prepared pixels.
at::Tensor all_correlations(const std::vector<ResultRow>& rows, PictureFile made, const PictureReader& read) {
  const auto source = [&](PictureFile file) {
    return [&rows, &read, file](int64_t first, int64_t count) {
      std::vector<at::Tensor> pictures;
      for (int64_t i = first; i < first + count; ++i) {
        stop_if_interrupted("run the same command again");
        pictures.push_back(read(rows[static_cast<size_t>(i)].*file).flatten());
      }
      return at::stack(pictures);
    };
  };
  const int64_t bytes = read(rows.front().target).numel() * int64_t{sizeof(float)};
  const auto images = static_cast<int64_t>(rows.size());
  const int64_t block = std::clamp<int64_t>(kBlockBytes / bytes, 1, images);
  return statistics::correlation_matrix(source(&ResultRow::target), images, source(made), images, block);
}

void add_identification(Evaluation& evaluation,
                        const std::vector<ResultRow>& rows,
                        PictureFile made,
                        const PictureReader& read,
                        const EvaluationOptions& options) {
  const auto images = static_cast<int64_t>(rows.size());
  if (images < 2) {
    evaluation.notes.push_back("identification needs at least two images: there is one");
    return;
  }
  evaluation.among = options.among == 0 ? images : options.among;
  FMRI2IMG_CHECK_USAGE(evaluation.among >= 2 && evaluation.among <= images,
                       "--among {}: there are {} images, so 2 .. {} can be told apart",
                       evaluation.among,
                       images,
                       images);
  const at::Tensor correlations = all_correlations(rows, made, read);
  const std::vector<double> two_way = statistics::two_way_identification(correlations);
  const auto n_way = statistics::n_way_identification(correlations, evaluation.among, options.seed);
  for (size_t i = 0; i < rows.size(); ++i) evaluation.images[i].identification = two_way[i];
  auto& scores = evaluation.model_scores.scores;
  scores.push_back(summarise("identification", two_way, options.seed));
  scores.push_back(summarise("identification_n_way", n_way.share, options.seed));
  scores.push_back(summarise("identification_top1", n_way.top1, options.seed));
}

void add_baselines(Evaluation& evaluation, const PixelScores& scores) {
  if (!scores.mean_picture.empty()) {
    evaluation.baselines.push_back({"mean_training_picture", summarise(scores.mean_picture, evaluation.seed)});
  }
  if (scores.chance.empty()) return;
  ScoreLine chance{"chance", summarise(scores.chance, evaluation.seed)};
  chance.scores.push_back(exact("identification", 0.5));
  chance.scores.push_back(exact("identification_n_way", 0.5));
  chance.scores.push_back(exact("identification_top1", 1.0 / static_cast<double>(evaluation.among)));
  evaluation.baselines.push_back(std::move(chance));
}

void add_notes(Evaluation& evaluation) {
  auto& notes = evaluation.notes;
  const auto images = static_cast<int64_t>(evaluation.images.size());
  if (evaluation.training_rows > 0) {
    notes.push_back(fmt::format("{} of {} images were TRAINED ON: these are not scores of new pictures. They are {}",
                                format_count(evaluation.training_rows),
                                format_count(images),
                                name_some(evaluation.trained_on)));
  }
  for (const Score& score : evaluation.model_scores.scores) {
    if (score.undefined == 0) continue;
    const bool correlation = score.name == "pixel_correlation";
    notes.push_back(fmt::format("{} is not defined for {} of {} images ({}): they are left out of its mean",
                                score.name,
                                format_count(score.undefined),
                                format_count(images),
                                correlation ? "constant pictures" : "a side is shorter than the window of 11 pixels"));
    if (correlation) notes.push_back("identification counts a constant picture as a failure");
  }
  if (evaluation.protocol.images > 0 && evaluation.protocol.images != images) {
    notes.push_back(fmt::format("published figures of \"{}\" are over {} images, these over {}",
                                evaluation.protocol.name,
                                format_count(evaluation.protocol.images),
                                format_count(images)));
  }
}

void require_targets(const Results& results, const std::vector<ResultRow>& rows) {
  for (const ResultRow& row : rows) {
    FMRI2IMG_CHECK(
        !row.target.empty(),
        "trial {} has no target: the subject has no pictures of its {} split, so there is nothing to compare with",
        row.trial,
        results.partition);
  }
}

void note_resizing(Evaluation& evaluation, const Results& results) {
  if (results.vote.empty() || (results.high_height == results.height && results.high_width == results.width)) return;
  evaluation.notes.push_back(fmt::format("high-level images of {} x {} pixels were brought to the targets' {} x {}",
                                         results.high_height,
                                         results.high_width,
                                         results.height,
                                         results.width));
}

}  // namespace

Evaluation evaluate(const Results& results, const PictureChoice& choice, const EvaluationOptions& options) {
  const std::vector<ResultRow> rows = rows_of(results, choice);
  const PictureFile made = file_of(choice);
  Evaluation evaluation;
  evaluation.model = choice_name(results, choice);
  evaluation.protocol = options.protocol;
  evaluation.seed = options.seed;
  evaluation.trained_on = find_leaks(results, rows);
  refuse_leaks(evaluation.trained_on, rows.size(), options.allow_training_rows);
  evaluation.training_rows = static_cast<int64_t>(evaluation.trained_on.size());
  require_targets(results, rows);
  const PictureReader read(results, evaluation.protocol);
  const PixelScores scores = score_pixels(results, rows, made, read, options.seed);
  for (size_t i = 0; i < rows.size(); ++i) evaluation.images.push_back({rows[i], scores.model[i], std::nullopt});
  evaluation.model_scores = {evaluation.model, summarise(scores.model, options.seed)};
  add_identification(evaluation, rows, made, read, options);
  add_baselines(evaluation, scores);
  add_notes(evaluation);
  note_resizing(evaluation, results);
  return evaluation;
}

void score_others(Evaluation& evaluation,
                  const Results& results,
                  const std::vector<PictureChoice>& others,
                  const EvaluationOptions& options) {
  const PictureReader read(results, evaluation.protocol);
  for (const PictureChoice& choice : others) {
    const std::vector<ResultRow> rows = rows_of(results, choice);
    refuse_leaks(find_leaks(results, rows), rows.size(), options.allow_training_rows);
    std::vector<PictureScores> scores;
    Progress progress("scoring " + choice_name(results, choice), "images", static_cast<int64_t>(rows.size()));
    for (const ResultRow& row : rows) {
      stop_if_interrupted("run the same command again");
      scores.push_back(score_pictures(read(row.target), read(row.*file_of(choice))));
      progress.advance();
    }
    evaluation.others.push_back({choice_name(results, choice), summarise(scores, options.seed)});
  }
}

}  // namespace fmri2img::evaluation
