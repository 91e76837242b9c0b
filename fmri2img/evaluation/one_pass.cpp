#include "fmri2img/evaluation/one_pass.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/statistics/correlation.h"

namespace fmri2img::evaluation {
namespace {

constexpr int64_t kTargetsInBlock = 16;
constexpr size_t kPicturesInBlock = 8;  // LPIPS's maps of a picture of 256 x 256 take 60 MB
constexpr size_t kRowsAtOnce = 64;      // of a product with all targets; 139 MB of pixels at 425 x 425
constexpr double kUndefinedScore = std::numeric_limits<double>::quiet_NaN();

using PerceptualMaps = MetricNetworks::PerceptualMaps;

/// The maps of picture `index` alone.
PerceptualMaps maps_of(const PerceptualMaps& maps, int64_t index) {
  PerceptualMaps one;
  for (const auto& net : maps) {
    one.emplace_back();
    for (const at::Tensor& map : net) one.back().push_back(map.narrow(0, index, 1));
  }
  return one;
}

/// Share of the other targets that correlate less with a picture than its own does; NaN where its own is constant, or
/// all others are. Source: see statistics/identification.h, which leaves constant targets out in the same way.
/// Shape: correlations [N] of all targets with the picture; constant [N] bool, of the targets.
double two_way_share(const at::Tensor& correlations, const at::Tensor& constant, int64_t own) {
  const int64_t others = constant.logical_not().sum().item<int64_t>() - 1;
  if (others <= 0 || constant[own].item<bool>()) return kUndefinedScore;
  const int64_t won = (correlations < correlations[own]).sum().item<int64_t>();  // never NaN, of a constant target
  return static_cast<double>(won) / static_cast<double>(others);
}

/// Mean of what is defined, NaN where nothing is.
double defined_mean(const std::vector<double>& values) {
  double sum = 0;
  int64_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : kUndefinedScore;
}

PictureScores mean_scores(const std::vector<PictureScores>& pairs) {
  const auto mean = [&](double PictureScores::*field) {
    std::vector<double> values;
    for (const PictureScores& pair : pairs) values.push_back(pair.*field);
    return defined_mean(values);
  };
  return {mean(&PictureScores::pixel_correlation),
          mean(&PictureScores::mse),
          mean(&PictureScores::ssim),
          mean(&PictureScores::ssim_1d)};
}

/// Pictures on their way to being correlated with all targets. A product reads every target's row, 2 GB of pixels for
/// 982 of them: pictures wait until there are enough of them to be worth that.
class Identification {
 public:
  using Note = std::function<void(const at::Tensor& correlations)>;  ///< [N] with all targets

  explicit Identification(int64_t targets) : bank_(targets) {}

  statistics::CorrelationBank& targets() { return bank_; }
  const statistics::CorrelationBank& targets() const { return bank_; }

  /// Calls `note` once the picture's turn comes. Shape: row [D].
  void add(const at::Tensor& row, Note note) {
    rows_.push_back(row);
    notes_.push_back(std::move(note));
    if (rows_.size() == kRowsAtOnce) finish();
  }

  void finish() {
    if (rows_.empty()) return;
    const at::Tensor correlations = bank_.correlate(at::stack(rows_)).t().contiguous();
    for (size_t i = 0; i < notes_.size(); ++i) notes_[i](correlations[static_cast<int64_t>(i)]);
    rows_.clear();
    notes_.clear();
  }

  /// Of one picture, at once. Shape: row [D] -> [N].
  at::Tensor correlate(const at::Tensor& row) const { return bank_.correlate(row.unsqueeze(0)).select(1, 0); }

 private:
  statistics::CorrelationBank bank_;
  std::vector<at::Tensor> rows_;
  std::vector<Note> notes_;
};

class Pass {
 public:
  Pass(const PassInput& input, const Protocol& protocol, const MetricNetworks& networks)
      : input_(input), protocol_(protocol), networks_(networks), count_(static_cast<int64_t>(input.targets.size())) {
    output_.pictures.resize(input.targets.size());
    output_.targets.resize(input.targets.size());
    output_.answers.resize(input.targets.size());
    if (!input.constant.empty()) output_.constant.resize(input.targets.size());
    if (input.partners > 0) output_.chance.resize(input.targets.size());
    for (size_t i = 0; i < networks.feature_scores().size(); ++i) features_.emplace_back(count_);
    if (input.identify) pixels_.emplace(count_);
  }

  PassOutput run() {
    look_at_targets();
    look_at_constant();
    Progress progress("scoring pictures", "images", count_);
    for (size_t first = 0; first < input_.circle.size();) {
      stop_if_interrupted("run the same command again");
      const size_t end = end_of_block(first);
      measure_block(first, end);
      progress.advance(static_cast<int64_t>(end - first));
      first = end;
    }
    close_circle();
    for (Identification& score : features_) score.finish();
    if (pixels_) pixels_->finish();
    return std::move(output_);
  }

 private:
  /// One picture of a block on its way through.
  struct Item {
    int64_t trial;
    const Candidate* candidate;
    at::Tensor picture;
    Measurement* measured;  ///< of the output
  };

  void look_at_targets() {
    Progress progress("looking at targets", "images", count_);
    for (int64_t first = 0; first < count_; first += kTargetsInBlock) {
      stop_if_interrupted("run the same command again");
      const int64_t size = std::min(kTargetsInBlock, count_ - first);
      for (int64_t i = first; i < first + size; ++i) output_.targets[index(i)] = input_.read(input_.targets[index(i)]);
      keep_pixels(first, size);
      keep_features(first, size);
      progress.advance(size);
    }
  }

  void keep_pixels(int64_t first, int64_t size) {
    if (!pixels_) return;
    std::vector<at::Tensor> rows;
    for (int64_t i = first; i < first + size; ++i)
      rows.push_back(protocol_.prepare(output_.targets[index(i)]).flatten());
    pixels_->targets().set(first, at::stack(rows));
  }

  void keep_features(int64_t first, int64_t size) {
    if (features_.empty()) return;
    const auto features = networks_.features({&output_.targets[index(first)], index(size)});
    for (size_t i = 0; i < features.size(); ++i) features_[i].targets().set(first, features[i]);
    if (!networks_.clip_index()) return;
    const at::Tensor clip = features[*networks_.clip_index()];
    if (!output_.target_clip.defined()) output_.target_clip = at::empty({count_, clip.size(1)});
    output_.target_clip.narrow(0, first, size).copy_(clip);
  }

  void look_at_constant() {
    if (input_.constant.empty()) return;
    constant_ = input_.read(input_.constant);
    constant_pixels_ = protocol_.prepare(constant_);
    constant_maps_ = networks_.perceive({&constant_, 1});
    if (pixels_) constant_identified_ = pixels_->correlate(constant_pixels_.flatten());
    if (features_.empty()) return;
    const auto features = networks_.features({&constant_, 1});
    for (size_t i = 0; i < features.size(); ++i)
      constant_correlations_.push_back(features_[i].correlate(features[i][0]));
    if (networks_.clip_index()) constant_clip_ = features[*networks_.clip_index()][0];
  }

  size_t end_of_block(size_t first) const {
    size_t pictures = 0, end = first;
    while (end < input_.circle.size() && (end == first || pictures < kPicturesInBlock)) {
      pictures += 1 + input_.pictures[index(input_.circle[end])].size();
      ++end;
    }
    return end;
  }

  void measure_block(size_t first, size_t end) {
    std::vector<Item> items;
    for (size_t place = first; place < end; ++place) {
      const int64_t trial = input_.circle[place];
      for (const Candidate& candidate : input_.pictures[index(trial)]) {
        Measurement& measured = output_.pictures[index(trial)][candidate.file];
        items.push_back({trial, &candidate, input_.read(candidate.file), &measured});
      }
      output_.answers[index(trial)] = items[items.size() - input_.pictures[index(trial)].size()].picture;
    }
    measure_pixels(items);
    std::vector<Item*> looked_at;
    for (Item& item : items) {
      if (item.candidate->networks) looked_at.push_back(&item);
    }
    score_features(looked_at);
    measure_perception(first, end, looked_at);
  }

  void measure_pixels(std::vector<Item>& items) {
    int64_t trial = -1;
    at::Tensor target;
    for (Item& item : items) {
      if (item.trial != trial) {
        trial = item.trial;
        target = protocol_.prepare(output_.targets[index(trial)]);
        measure_constant_pixels(trial, target);
      }
      const at::Tensor made = protocol_.prepare(item.picture);
      item.measured->pixels = score_pictures(target, made);
      if (is_answer(item)) measure_chance_pixels(trial, made);
      if (!pixels_ || !item.candidate->networks) continue;
      pixels_->add(made.flatten(),
                   [to = item.measured](const at::Tensor& correlations) { to->correlations = correlations; });
    }
  }

  void measure_constant_pixels(int64_t trial, const at::Tensor& target) {
    if (input_.constant.empty()) return;
    Measurement& measured = output_.constant[index(trial)];
    measured.pixels = score_pictures(target, constant_pixels_);
    measured.clip = constant_clip_;
    measured.correlations = constant_identified_;
    for (size_t i = 0; i < constant_correlations_.size(); ++i) {
      note_feature(measured, trial, i, constant_correlations_[i]);
    }
  }

  void measure_chance_pixels(int64_t trial, const at::Tensor& made) {
    if (output_.chance.empty()) return;
    std::vector<PictureScores> pairs;
    for (const int64_t other : partners_of(trial)) {
      pairs.push_back(score_pictures(protocol_.prepare(output_.targets[index(other)]), made));
    }
    output_.chance[index(trial)].pixels = mean_scores(pairs);
  }

  void score_features(const std::vector<Item*>& items) {
    if (items.empty() || features_.empty()) return;
    std::vector<at::Tensor> pictures;
    for (const Item* item : items) pictures.push_back(item->picture);
    const auto features = networks_.features(pictures);
    for (size_t i = 0; i < items.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      for (size_t score = 0; score < features.size(); ++score) identify_feature(*items[i], score, features[score][row]);
      if (networks_.clip_index()) items[i]->measured->clip = features[*networks_.clip_index()][row];
    }
  }

  void identify_feature(const Item& item, size_t score, const at::Tensor& feature) {
    const auto note = [this, to = item.measured, trial = item.trial, answer = is_answer(item), score](
                          const at::Tensor& correlations) {
      note_feature(*to, trial, score, correlations);
      if (answer) note_chance(trial, score, correlations);
    };
    features_[score].add(feature, note);
  }

  void note_feature(Measurement& measured, int64_t trial, size_t score, const at::Tensor& correlations) const {
    const FeatureScore& feature = networks_.feature_scores()[score];
    measured.networks[feature.name] = feature.distance
                                          ? 1 - correlations[trial].item<double>()
                                          : two_way_share(correlations, features_[score].targets().constant(), trial);
  }

  void note_chance(int64_t trial, size_t score, const at::Tensor& correlations) {
    const FeatureScore& feature = networks_.feature_scores()[score];
    if (output_.chance.empty() || !feature.distance) return;
    std::vector<double> distances;
    for (const int64_t other : partners_of(trial)) distances.push_back(1 - correlations[other].item<double>());
    output_.chance[index(trial)].networks[feature.name] = defined_mean(distances);
  }

  void measure_perception(size_t first, size_t end, const std::vector<Item*>& items) {
    if (networks_.lpips_scores().empty()) return;
    std::vector<at::Tensor> pictures;
    for (size_t place = first; place < end; ++place) {
      pictures.push_back(output_.targets[index(input_.circle[place])]);
    }
    for (const Item* item : items) pictures.push_back(item->picture);
    const PerceptualMaps maps = networks_.perceive(pictures);
    size_t next = 0;
    for (size_t place = first; place < end; ++place) {
      const int64_t trial = input_.circle[place];
      const PerceptualMaps target = maps_of(maps, static_cast<int64_t>(place - first));
      if (!previous_answer_.empty()) note_perceived_chance(input_.circle[place - 1], target, previous_answer_);
      if (place == 0) first_target_ = target;
      if (!input_.constant.empty()) note_distances(output_.constant[index(trial)], target, constant_maps_);
      for (; next < items.size() && items[next]->trial == trial; ++next) {
        const PerceptualMaps made = maps_of(maps, static_cast<int64_t>(end - first + next));
        note_distances(*items[next]->measured, target, made);
        if (is_answer(*items[next])) previous_answer_ = made;
      }
    }
  }

  void note_distances(Measurement& measured, const PerceptualMaps& target, const PerceptualMaps& made) const {
    const auto distances = networks_.distances(target, made);
    for (size_t i = 0; i < distances.size(); ++i) {
      measured.networks[networks_.lpips_scores()[i]] = distances[i].item<double>();
    }
  }

  void note_perceived_chance(int64_t trial, const PerceptualMaps& target, const PerceptualMaps& answer) {
    if (!output_.chance.empty()) note_distances(output_.chance[index(trial)], target, answer);
  }

  /// The last answer on the circle meets the first target.
  void close_circle() {
    if (!previous_answer_.empty()) note_perceived_chance(input_.circle.back(), first_target_, previous_answer_);
  }

  std::vector<int64_t> partners_of(int64_t trial) const {
    const auto place = std::find(input_.circle.begin(), input_.circle.end(), trial) - input_.circle.begin();
    std::vector<int64_t> partners;
    for (int64_t step = 1; step <= input_.partners; ++step) {
      partners.push_back(input_.circle[index((place + step) % count_)]);
    }
    return partners;
  }

  bool is_answer(const Item& item) const { return item.candidate == &input_.pictures[index(item.trial)].front(); }

  static size_t index(int64_t i) { return static_cast<size_t>(i); }

  const PassInput& input_;
  const Protocol& protocol_;
  const MetricNetworks& networks_;
  int64_t count_;
  PassOutput output_;
  std::vector<Identification> features_;  // one a feature score
  std::optional<Identification> pixels_;
  at::Tensor constant_, constant_pixels_, constant_clip_, constant_identified_;
  PerceptualMaps constant_maps_, previous_answer_, first_target_;
  std::vector<at::Tensor> constant_correlations_;
};

}  // namespace

PassOutput measure_pictures(const PassInput& input, const Protocol& protocol, const MetricNetworks& networks) {
  return Pass(input, protocol, networks).run();
}

}  // namespace fmri2img::evaluation
