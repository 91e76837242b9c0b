#include "fmri2img/evaluation/line_scores.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/evaluation/caption_space.h"
#include "fmri2img/statistics/identification.h"
#include "fmri2img/statistics/retrieval.h"

namespace fmri2img::evaluation {
namespace {

constexpr size_t kMostSharedDraws = 4000;  // images for which all draws are kept: 320 MB

at::Tensor unit_vectors(const at::Tensor& rows) {
  const at::Tensor values = rows.to(at::kDouble);
  return values / values.norm(2, {1}, /*keepdim=*/true);
}

}  // namespace

Score exact_score(std::string name, double value) {
  return {std::move(name), statistics::Interval{value, value, value}};
}

LineScores::LineScores(const MetricNetworks& networks,
                       at::Tensor target_clip,
                       std::vector<std::string> target_captions,
                       const EvaluationOptions& options)
    : networks_(networks),
      target_clip_(std::move(target_clip)),
      target_captions_(std::move(target_captions)),
      options_(options) {}

Score LineScores::summarise(std::string name, const std::vector<double>& values) const {
  Score score{std::move(name)};
  std::vector<double> defined;
  for (const double value : values) {
    if (std::isfinite(value)) defined.push_back(value);
  }
  score.undefined = static_cast<int64_t>(values.size() - defined.size());
  if (defined.empty()) return score;
  if (defined.size() > kMostSharedDraws) {
    score.interval = statistics::bootstrap_mean(defined, options_.seed);
    return score;
  }
  auto found = bootstraps_.find(defined.size());
  if (found == bootstraps_.end()) {
    if (defined.size() != values.size()) {  // a size of its own: not worth keeping
      score.interval = statistics::bootstrap_mean(defined, options_.seed);
      return score;
    }
    const auto count = static_cast<int64_t>(defined.size());
    found = bootstraps_.emplace(defined.size(), statistics::MeanBootstrap(count, options_.seed)).first;
  }
  score.interval = found->second.interval(defined);
  return score;
}

void LineScores::add_pixels(ScoreLine& line, const std::vector<Measurement>& measured) const {
  const auto add = [&](const char* name, double PictureScores::*field) {
    std::vector<double> values;
    for (const Measurement& one : measured) values.push_back(one.pixels.*field);
    line.scores.push_back(summarise(name, values));
  };
  add("pixel_correlation", &PictureScores::pixel_correlation);
  add("mse", &PictureScores::mse);
  add("ssim", &PictureScores::ssim);
  add("ssim_1d", &PictureScores::ssim_1d);
}

void LineScores::add_networks(ScoredLine& line) const {
  std::vector<std::string> names = networks_.lpips_scores();
  for (const FeatureScore& score : networks_.feature_scores()) names.push_back(score.name);
  for (const std::string& name : names) {
    std::vector<double> values;
    for (const Measurement& one : line.measured) {
      const auto found = one.networks.find(name);
      if (found == one.networks.end()) break;
      values.push_back(found->second);
    }
    if (values.size() == line.measured.size()) line.line.scores.push_back(summarise(name, values));
  }
}

void LineScores::add_retrieval(ScoredLine& line) const {
  const auto has_clip = [](const Measurement& one) { return one.clip.defined(); };
  const bool all = std::all_of(line.measured.begin(), line.measured.end(), has_clip);
  if (!target_clip_.defined() || !all || line.measured.size() < 2) return;
  std::vector<at::Tensor> rows;
  for (const Measurement& one : line.measured) rows.push_back(one.clip);
  const at::Tensor cosines = at::mm(unit_vectors(at::stack(rows)), unit_vectors(target_clip_).t());
  const statistics::RetrievalOptions options{.seed = options_.seed, .csls = options_.csls};
  const auto add = [&](const char* name, const at::Tensor& similarities) {
    const statistics::Retrieval found = statistics::retrieve(similarities, options);
    line.line.scores.push_back(summarise(name, found.value));
    line.line.scores.back().over_draws = statistics::draws_interval(found.top1);
    for (size_t i = 0; i < line.networks.size(); ++i) line.networks[i][name] = found.rate[i];
  };
  add("retrieval_clip_l_target", cosines);
  add("retrieval_clip_l_reconstruction", cosines.t());
}

void LineScores::add_captions(ScoredLine& line, const std::vector<std::string>& captions) const {
  if (target_captions_.empty() || captions.empty()) return;
  std::vector<double> cosines;
  for (size_t i = 0; i < captions.size(); ++i) {
    cosines.push_back(networks_.captions()->cosine(captions[i], target_captions_[i]));
    line.networks[i]["caption_cosine"] = cosines.back();
  }
  line.line.scores.push_back(summarise("caption_cosine", cosines));
}

ScoredLine LineScores::score(const std::string& name,
                             const std::vector<Measurement>& measured,
                             const std::vector<std::string>& captions) const {
  ScoredLine line{{name, {}}, measured, {}};
  for (const Measurement& one : measured) line.networks.push_back(one.networks);
  add_pixels(line.line, measured);
  add_networks(line);
  add_retrieval(line);
  add_captions(line, captions);
  return line;
}

std::vector<double> LineScores::identify(ScoreLine& line, const at::Tensor& correlations, int64_t among) const {
  std::vector<double> two_way = statistics::two_way_identification(correlations);
  const auto n_way = statistics::n_way_identification(correlations, among, options_.seed);
  line.scores.push_back(summarise("identification", two_way));
  line.scores.push_back(summarise("identification_n_way", n_way.share));
  line.scores.push_back(summarise("identification_top1", n_way.top1));
  return two_way;
}

ScoreLine LineScores::chance(const std::vector<Measurement>& measured) const {
  ScoredLine line{{"chance", {}}, measured, {}};
  add_pixels(line.line, measured);
  add_networks(line);
  for (const FeatureScore& score : networks_.feature_scores()) {
    if (!score.distance) line.line.scores.push_back(exact_score(score.name, 0.5));
  }
  if (target_clip_.defined()) {
    const auto pool = static_cast<double>(std::min<int64_t>(statistics::RetrievalOptions().pool, target_clip_.size(0)));
    for (const char* name : {"retrieval_clip_l_target", "retrieval_clip_l_reconstruction"}) {
      line.line.scores.push_back(exact_score(name, 1 / pool));
    }
  }
  return line.line;
}

}  // namespace fmri2img::evaluation
