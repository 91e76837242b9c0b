#include "fmri2img/decoding/ridge/picture_prior.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

namespace fmri2img::decoding {
namespace {

constexpr double kDegrees[] = {0, -15, 15};
constexpr double kScales[] = {1, 0.9, 1.1};
constexpr double kShifts[] = {0, -1, 1};
constexpr double kShift = 2.0 / 28;  // in sampling coordinates, where a side is 2 long
constexpr double kShrinkage = 0.5;

/// One deformation as sampling coordinates: output -> input.
at::Tensor inverse_transform(double degrees, double scale, double x, double y) {
  const double angle = degrees * std::numbers::pi / 180;
  const auto c = static_cast<float>(std::cos(angle) / scale);
  const auto s = static_cast<float>(std::sin(angle) / scale);
  return at::tensor({c, -s, static_cast<float>(x), s, c, static_cast<float>(y)}).reshape({1, 2, 3});
}

/// The inverse of the lower Cholesky factor of the shrunk error covariance, transposed: rows times it are whitened.
at::Tensor whitening_of(const at::Tensor& errors) {
  const at::Tensor e = errors.to(at::kDouble);
  const auto c = e.size(1);
  at::Tensor covariance = at::mm(e.t(), e).div_(static_cast<double>(e.size(0)));
  const at::Tensor identity = at::eye(c, covariance.options());
  const at::Tensor level = covariance.trace() / static_cast<double>(c);
  covariance = covariance * (1 - kShrinkage) + identity * (level * kShrinkage).clamp_min(1e-12);
  const at::Tensor factor = at::linalg_cholesky(covariance);
  return at::linalg_solve_triangular(factor, identity, /*upper=*/false).t().to(at::kFloat).contiguous();
}

}  // namespace

at::Tensor deform_pictures(const at::Tensor& pictures, const models::LatentShape& shape) {
  const int64_t n = pictures.size(0);
  const at::Tensor images = pictures.reshape({n, shape.channels, shape.height, shape.width});
  std::vector<at::Tensor> result;
  for (const double degrees : kDegrees) {
    for (const double scale : kScales) {
      for (const double x : kShifts) {
        for (const double y : kShifts) {
          const at::Tensor grid = at::affine_grid_generator(inverse_transform(degrees, scale, x * kShift, y * kShift),
                                                            {1, shape.channels, shape.height, shape.width},
                                                            /*align_corners=*/false);
          result.push_back(at::grid_sampler(images,
                                            grid.expand({n, shape.height, shape.width, 2}),
                                            /*interpolation_mode=*/0,
                                            /*padding_mode=*/1,
                                            /*align_corners=*/false)
                               .reshape({n, -1}));
        }
      }
    }
  }
  return at::cat(result);
}

PicturePrior PicturePrior::fit(const at::Tensor& pictures,
                               const models::LatentShape& shape,
                               const at::Tensor& predicted,
                               const at::Tensor& truth,
                               const PicturePriorSettings& settings) {
  PicturePrior prior;
  prior.settings_ = settings;
  prior.pictures_ = pictures;
  prior.components_ = TargetComponents::fit(pictures, settings.components);
  prior.whitening_ = whitening_of(prior.components_.scores(predicted) - prior.components_.scores(truth));
  prior.prepare(shape);
  return prior;
}

PicturePrior PicturePrior::with(double sharpness, double share) const {
  PicturePrior result = *this;
  result.settings_.sharpness = sharpness;
  result.settings_.share = share;
  return result;
}

void PicturePrior::prepare(const models::LatentShape& shape) {
  support_ = settings_.deformed ? deform_pictures(pictures_, shape) : pictures_;
  support_scores_ = at::mm(components_.scores(support_), whitening_);
  support_norms_ = support_scores_.square().sum(1);
}

at::Tensor PicturePrior::apply(const at::Tensor& predicted) const {
  const at::Tensor whitened = at::mm(components_.scores(predicted), whitening_);
  // |p - x|^2 less |p|^2, which is the same for every x.
  const at::Tensor distances = support_norms_ - at::mm(whitened, support_scores_.t()).mul_(2);
  const at::Tensor mixture = at::mm(at::softmax(distances.mul_(-0.5 * settings_.sharpness), 1), support_);
  return mixture.mul_(settings_.share).add_(predicted, 1 - settings_.share);
}

io::StateDict PicturePrior::state() const {
  return {{"prior.pictures", pictures_},
          {"prior.mean", components_.mean},
          {"prior.components", components_.basis},
          {"prior.whitening", whitening_}};
}

Json PicturePrior::config() const {
  return {{"components", settings_.components},
          {"sharpness", settings_.sharpness},
          {"share", settings_.share},
          {"deformed", settings_.deformed}};
}

PicturePrior PicturePrior::from_state(const io::StateDict& state,
                                      const Json& config,
                                      const models::LatentShape& shape) {
  JsonFields fields(config, "picture prior");
  PicturePrior prior;
  prior.settings_ = {fields.require<int64_t>("components"),
                     fields.require<double>("sharpness"),
                     fields.require<double>("share"),
                     fields.require<bool>("deformed")};
  fields.finish();
  prior.pictures_ = state.at("prior.pictures");
  prior.components_ = {state.at("prior.mean"), state.at("prior.components")};
  prior.whitening_ = state.at("prior.whitening");
  prior.prepare(shape);
  return prior;
}

}  // namespace fmri2img::decoding
