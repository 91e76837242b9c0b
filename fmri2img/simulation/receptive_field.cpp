#include "fmri2img/simulation/receptive_field.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmri2img::simulation {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;
constexpr float kHalfMagnification_deg = 0.75F;  // Horton and Hoyt 1991
constexpr float kFurthest_deg = 6;               // the picture's corners are 5.9 degrees away
constexpr float kReach = 2.5F;                   // sigmas
constexpr float kCoarse = 5;                     // pixels of sigma from which half the resolution is enough

float degrees_to_pixels(float degrees, size_t level) {
  return degrees / kPictureRadius_deg * static_cast<float>(Retina::side(level)) / 2;
}

/// The first and one past the last pixel that a reach around `centre` (in pixels) covers.
std::pair<int64_t, int64_t> window(float centre, float reach, int64_t side) {
  const auto first = static_cast<int64_t>(std::floor(centre - reach));
  const auto last = static_cast<int64_t>(std::ceil(centre + reach));
  return {std::clamp(first, int64_t{0}, side - 1), std::clamp(last, int64_t{1}, side)};
}

/// Polar angle from the horizontal meridian, positive above it.
float draw_angle(Field field, RandomStream& random) {
  const float quarter = kTurn / 4;
  if (field == Field::kUpperQuarter) return random.uniform(0, quarter);
  if (field == Field::kLowerQuarter) return random.uniform(-quarter, 0);
  return random.uniform(-quarter, quarter);
}

Colour draw_colour(RandomStream& random) {
  const float r = random.normal();
  const float g = random.normal();
  const float b = random.normal();
  const float half_mean = (r + g + b) / 6;
  return {r - half_mean, g - half_mean, b - half_mean};  // less for brightness alone
}

}  // namespace

ReceptiveField ReceptiveField::draw(const Retinotopy& retinotopy, bool left_hemisphere, RandomStream& random) {
  const float furthest = std::log(1 + kFurthest_deg / kHalfMagnification_deg);
  const float eccentricity = kHalfMagnification_deg * (std::exp(random.uniform() * furthest) - 1);
  const float angle = draw_angle(retinotopy.field, random);
  const float side = left_hemisphere ? 1.F : -1.F;
  const auto inside = [](float degrees) { return std::clamp(degrees, -kPictureRadius_deg, kPictureRadius_deg); };
  ReceptiveField field;
  field.x_deg = inside(side * eccentricity * std::cos(angle));
  field.y_deg = inside(-eccentricity * std::sin(angle));
  field.sigma_deg = (retinotopy.size_deg + retinotopy.growth * eccentricity) * random.uniform(.8F, 1.2F);
  field.orientation = random.uniform(0, kTurn / 2);
  field.wavelength_deg = field.sigma_deg * random.uniform(2, 5);
  field.phase = random.uniform(0, kTurn);
  field.colour = draw_colour(random);
  return field;
}

ReceptiveFilter::ReceptiveFilter(const ReceptiveField& field)
    : colour_(field.colour), level_(degrees_to_pixels(field.sigma_deg, 0) < kCoarse ? 0 : 1) {
  const auto pixels = [&](float degrees) { return degrees_to_pixels(degrees, level_); };
  const float x = pixels(kPictureRadius_deg + field.x_deg);
  const float y = pixels(kPictureRadius_deg + field.y_deg);
  const float sigma = pixels(field.sigma_deg);
  const auto [left, right] = window(x, kReach * sigma, Retina::side(level_));
  const auto [top, bottom] = window(y, kReach * sigma, Retina::side(level_));
  left_ = left;
  top_ = top;
  width_ = right - left;
  height_ = bottom - top;
  const float frequency = kTurn / pixels(field.wavelength_deg);
  for (int64_t row = top; row < bottom; ++row) {
    for (int64_t column = left; column < right; ++column) {
      const float dx = static_cast<float>(column) + .5F - x;
      const float dy = static_cast<float>(row) + .5F - y;
      const float gauss = std::exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      const float along = dx * std::cos(field.orientation) + dy * std::sin(field.orientation);
      const float phase = frequency * along + field.phase;
      weights_.push_back({gauss, gauss * std::cos(phase), gauss * std::sin(phase)});
    }
  }
  make_blind_to_uniform_light();
}

void ReceptiveFilter::make_blind_to_uniform_light() {
  Weight sum{};
  for (const Weight& weight : weights_) {
    sum.mean += weight.mean;
    sum.even += weight.even;
    sum.odd += weight.odd;
  }
  for (Weight& weight : weights_) {
    weight.mean /= sum.mean;
    weight.even = weight.even / sum.mean - weight.mean * sum.even / sum.mean;
    weight.odd = weight.odd / sum.mean - weight.mean * sum.odd / sum.mean;
  }
}

VisualResponse ReceptiveFilter::respond(const Retina& retina) const {
  Lanes even{};
  Lanes odd{};
  VisualResponse response{};
  const Weight* weight = weights_.data();
  for (int64_t row = top_; row < top_ + height_; ++row) {
    for (int64_t column = left_; column < left_ + width_; ++column, ++weight) {
      const Lanes& red = retina.at(level_, 0, row, column);
      const Lanes& green = retina.at(level_, 1, row, column);
      const Lanes& blue = retina.at(level_, 2, row, column);
      for (size_t lane = 0; lane < kLanes; ++lane) {
        const float light = red[lane] + green[lane] + blue[lane];
        even[lane] += weight->even * light;
        odd[lane] += weight->odd * light;
        response.colour[lane] +=
            weight->mean * (colour_.r * red[lane] + colour_.g * green[lane] + colour_.b * blue[lane]);
      }
    }
  }
  for (size_t lane = 0; lane < kLanes; ++lane) {
    response.energy[lane] = std::sqrt(even[lane] * even[lane] + odd[lane] * odd[lane]);
    response.simple[lane] = std::max(even[lane], 0.F);
  }
  return response;
}

}  // namespace fmri2img::simulation
