#include "fmri2img/evaluation/evaluate.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/evaluation/line_scores.h"
#include "fmri2img/evaluation/one_pass.h"
#include "fmri2img/evaluation/picture_reader.h"
#include "fmri2img/evaluation/score_lines.h"
#include "fmri2img/evaluation/score_notes.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/identification.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::ResultRow;
using reconstruction::Results;

constexpr int64_t kChancePairs = 1000;  // enough for a baseline; scoring all pairs would cost N times the run
constexpr int64_t kBlockBytes = int64_t{1} << 30;       // of pictures held at once for the all-pairs correlations
constexpr int64_t kMostTargetBytes = int64_t{4} << 30;  // of prepared targets held at once: 1,981 at 425 x 425
constexpr size_t kCaptionsAtOnce = 8;

int64_t chance_pairs_each(int64_t images) {
  return std::clamp<int64_t>(kChancePairs / images, std::min<int64_t>(1, images - 1), images - 1);
}

/// The trials on a seeded circle, so that every target is somebody's other target equally often.
std::vector<int64_t> seeded_circle(int64_t images, uint64_t seed) {
  at::Generator generator = make_generator(seed);
  const at::Tensor circle = at::randperm(images, generator, at::kLong);
  return {circle.const_data_ptr<int64_t>(), circle.const_data_ptr<int64_t>() + images};
}

int64_t bytes_of_prepared(const at::Tensor& picture, const Protocol& protocol) {
  return protocol.prepare(picture).numel() * int64_t{sizeof(float)};
}

/// What has to be measured for the lines: no file twice in one trial. `prepared_bytes`: of one prepared picture.
PassInput plan_pass(const std::vector<PlannedLine>& lines,
                    const std::vector<ResultRow>& rows,
                    const Results& results,
                    const PictureReader& read,
                    int64_t prepared_bytes,
                    uint64_t seed) {
  const auto images = static_cast<int64_t>(rows.size());
  PassInput input;
  input.constant = results.mean_picture;
  input.circle = seeded_circle(images, seed);
  input.partners = chance_pairs_each(images);
  input.read = [&read](const std::string& file) { return read(file); };
  input.identify = images > 1 && images * prepared_bytes <= kMostTargetBytes;
  for (size_t trial = 0; trial < rows.size(); ++trial) {
    input.targets.push_back(rows[trial].target);
    std::vector<Candidate>& pictures = input.pictures.emplace_back();
    for (const PlannedLine& line : lines) {
      const std::string& file = line.files[trial];
      const auto known = std::find_if(
          pictures.begin(), pictures.end(), [&](const Candidate& candidate) { return candidate.file == file; });
      if (known == pictures.end()) {
        pictures.push_back({file, line.networks});
      } else {
        known->networks = known->networks || line.networks;
      }
    }
  }
  return input;
}

/// r[i, j] = Pearson(target i, reconstruction j) over the prepared pixels.
at::Tensor all_correlations(const PassOutput& measured, const Protocol& protocol) {
  const auto source = [&protocol](const std::vector<at::Tensor>& pictures) {
    return [&protocol, &pictures](int64_t first, int64_t count) {
      std::vector<at::Tensor> prepared;
      for (int64_t i = first; i < first + count; ++i) {
        stop_if_interrupted("run the same command again");
        prepared.push_back(protocol.prepare(pictures[static_cast<size_t>(i)]).flatten());
      }
      return at::stack(prepared);
    };
  };
  const int64_t bytes = bytes_of_prepared(measured.targets.front(), protocol);
  const auto images = static_cast<int64_t>(measured.targets.size());
  const int64_t block = std::clamp<int64_t>(kBlockBytes / bytes, 1, images);
  return statistics::correlation_matrix(source(measured.targets), images, source(measured.answers), images, block);
}

/// n of n-way identification, or 0 where nothing can be identified.
int64_t count_among(const EvaluationOptions& options, int64_t images) {
  if (images < 2) return 0;
  const int64_t among = options.among == 0 ? images : options.among;
  FMRI2IMG_CHECK_USAGE(among >= 2 && among <= images,
                       "--among {}: there are {} images, so 2 .. {} can be told apart",
                       among,
                       images,
                       images);
  return among;
}

/// r[i, j] of the pictures of one line; undefined where some were not correlated.
at::Tensor correlations_of(const std::vector<Measurement>& measured) {
  std::vector<at::Tensor> columns;
  for (const Measurement& one : measured) {
    if (!one.correlations.defined()) return {};
    columns.push_back(one.correlations);
  }
  return at::stack(columns, 1);
}

void add_chance(Evaluation& evaluation, const PassOutput& measured, const LineScores& summary) {
  if (measured.chance.empty()) return;
  ScoreLine chance = summary.chance(measured.chance);
  if (evaluation.among > 0) {
    chance.scores.push_back(exact_score("identification", 0.5));
    chance.scores.push_back(exact_score("identification_n_way", 0.5));
    chance.scores.push_back(exact_score("identification_top1", 1.0 / static_cast<double>(evaluation.among)));
  }
  evaluation.baselines.push_back(std::move(chance));
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

/// Says what the networks depend on and what is missing, before anything is scored.
void add_networks(Evaluation& evaluation, const MetricNetworks& networks, const std::vector<ResultRow>& rows) {
  evaluation.networks = networks.files();
  evaluation.not_computed = networks.not_computed();
  evaluation.notes.insert(evaluation.notes.end(), networks.notes().begin(), networks.notes().end());
  if (networks.captions() != nullptr && rows.front().caption.empty())
    evaluation.not_computed.push_back({{"caption_cosine"}, "the run has no captions"});
}

std::vector<std::string> caption_targets(const MetricNetworks& networks, const std::vector<at::Tensor>& targets) {
  if (networks.captions() == nullptr) return {};
  Progress progress("captioning targets", "images", static_cast<int64_t>(targets.size()));
  std::vector<std::string> captions;
  for (size_t first = 0; first < targets.size(); first += kCaptionsAtOnce) {
    stop_if_interrupted("run the same command again");
    const size_t count = std::min(kCaptionsAtOnce, targets.size() - first);
    for (const models::Caption& caption : networks.captioner()->caption({&targets[first], count})) {
      captions.push_back(caption.text);
    }
    progress.advance(static_cast<int64_t>(count));
  }
  return captions;
}

void keep_images(Evaluation& evaluation,
                 const std::vector<ResultRow>& rows,
                 const ScoredLine& answer,
                 const std::vector<std::string>& target_captions) {
  for (size_t i = 0; i < rows.size(); ++i) {
    ScoredImage image{rows[i], answer.measured[i].pixels, std::nullopt, answer.networks[i], {}};
    if (!target_captions.empty()) image.target_caption = target_captions[i];
    evaluation.images.push_back(std::move(image));
  }
}

/// What each planned line was measured to be, from the pictures of the pass.
std::vector<Measurement> measurements_of(const PlannedLine& line, const PassOutput& measured) {
  std::vector<Measurement> found;
  for (size_t trial = 0; trial < line.files.size(); ++trial) {
    found.push_back(measured.pictures[trial].at(line.files[trial]));
  }
  return found;
}

/// The answer's figures, image by image too.
void add_answer(Evaluation& evaluation,
                const std::vector<ResultRow>& rows,
                ScoredLine scored,
                const PassOutput& measured,
                const std::vector<std::string>& captions,
                const LineScores& summary) {
  keep_images(evaluation, rows, scored, captions);
  if (evaluation.among > 0) {
    at::Tensor correlations = correlations_of(scored.measured);
    if (!correlations.defined()) {
      correlations = all_correlations(measured, evaluation.protocol);
      evaluation.notes.push_back(
          fmt::format("identification by pixels is of the answer alone: {} targets of this size "
                      "are not held at once for the other lines",
                      format_count(correlations.size(0))));
    }
    const std::vector<double> shares = summary.identify(scored.line, correlations, evaluation.among);
    for (size_t i = 0; i < shares.size(); ++i) evaluation.images[i].identification = shares[i];
    evaluation.constant_targets = statistics::undefined_targets(correlations).sum().item<int64_t>();
  } else {
    evaluation.notes.emplace_back("identification needs at least two images: there is one (retrieval likewise)");
  }
  evaluation.model_scores = std::move(scored.line);
}

/// A baseline or what else there is, identified where its pictures were correlated with every target.
ScoreLine other_line(ScoredLine scored, const LineScores& summary, int64_t among) {
  const at::Tensor correlations = among > 0 ? correlations_of(scored.measured) : at::Tensor();
  if (correlations.defined()) summary.identify(scored.line, correlations, among);
  return std::move(scored.line);
}

}  // namespace

Evaluation evaluate(const Results& results,
                    const std::vector<PictureChoice>& choices,
                    const EvaluationOptions& options,
                    const MetricNetworks& networks) {
  const std::vector<ResultRow> rows = rows_of(results, choices.front());
  Evaluation evaluation;
  evaluation.model = choice_name(results, choices.front());
  evaluation.protocol = options.protocol;
  evaluation.seed = options.seed;
  evaluation.csls = options.csls;
  evaluation.trained_on = find_leaks(results, rows);
  refuse_leaks(results, evaluation.trained_on, rows.size(), options.allow_training_rows);
  evaluation.training_rows = static_cast<int64_t>(evaluation.trained_on.size());
  require_targets(results, rows);
  evaluation.among = count_among(options, static_cast<int64_t>(rows.size()));
  for (size_t i = 1; i < choices.size(); ++i) {
    const std::vector<ResultRow> others = rows_of(results, choices[i]);
    refuse_leaks(results, find_leaks(results, others), others.size(), options.allow_training_rows);
  }
  add_networks(evaluation, networks, rows);
  const LinePlan plan = plan_lines(results, choices, {options.seed, options.all_networks});
  evaluation.notes.insert(evaluation.notes.end(), plan.notes.begin(), plan.notes.end());
  const PictureReader read(results, evaluation.protocol);
  const int64_t bytes = bytes_of_prepared(read(rows.front().target), evaluation.protocol);
  const PassOutput measured =
      measure_pictures(plan_pass(plan.lines, rows, results, read, bytes, options.seed), evaluation.protocol, networks);
  const std::vector<std::string> captions = caption_targets(networks, measured.targets);
  const LineScores summary(networks, measured.target_clip, captions, options);
  for (const PlannedLine& line : plan.lines) {
    ScoredLine scored = summary.score(line.name, measurements_of(line, measured), line.captions);
    if (line.role == LineRole::kAnswer) {
      add_answer(evaluation, rows, std::move(scored), measured, captions, summary);
    } else {
      (line.role == LineRole::kBaseline ? evaluation.baselines : evaluation.others)
          .push_back(other_line(std::move(scored), summary, evaluation.among));
    }
  }
  if (!measured.constant.empty()) {
    ScoredLine mean = summary.score("mean_training_picture", measured.constant, {});
    evaluation.baselines.insert(evaluation.baselines.begin(), other_line(std::move(mean), summary, evaluation.among));
  }
  add_chance(evaluation, measured, summary);
  add_score_notes(evaluation);
  add_size_notes(evaluation, results, rows);
  return evaluation;
}

}  // namespace fmri2img::evaluation
