#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/one_pass.h"

namespace fmri2img::evaluation {

/// A line's figures, and what they are the means of.
struct ScoredLine {
  ScoreLine line;
  std::vector<Measurement> measured;
  std::vector<std::map<std::string, double>> networks;  ///< of each image, retrieval and captions included
};

/// A figure that is known beforehand.
Score exact_score(std::string name, double value);

/// Turns measurements into the figures of a line: means over what is defined, with their intervals.
class LineScores {
 public:
  /// `target_clip`: [N, D] or undefined; `target_captions`: empty where captions are not compared.
  LineScores(const MetricNetworks& networks,
             at::Tensor target_clip,
             std::vector<std::string> target_captions,
             const EvaluationOptions& options);

  Score summarise(std::string name, const std::vector<double>& values) const;

  /// `captions`: what the pictures were made to show, or empty.
  ScoredLine score(const std::string& name,
                   const std::vector<Measurement>& measured,
                   const std::vector<std::string>& captions) const;

  /// Adds two-way, n-way and top-1 identification; returns the images' two-way shares. NaN where one is not defined.
  /// Shape: correlations [N, N] as in statistics/identification.h.
  std::vector<double> identify(ScoreLine& line, const at::Tensor& correlations, int64_t among) const;

  /// The line "chance".
  ScoreLine chance(const std::vector<Measurement>& measured) const;

 private:
  void add_pixels(ScoreLine& line, const std::vector<Measurement>& measured) const;
  void add_networks(ScoredLine& line) const;
  void add_retrieval(ScoredLine& line) const;
  void add_captions(ScoredLine& line, const std::vector<std::string>& captions) const;

  const MetricNetworks& networks_;
  at::Tensor target_clip_;
  std::vector<std::string> target_captions_;
  const EvaluationOptions& options_;
  mutable std::map<size_t, statistics::MeanBootstrap> bootstraps_;  // by the number of images
};

}  // namespace fmri2img::evaluation
