#include "fmri2img/simulation/paint_scene.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/simulation/backdrop.h"
#include "fmri2img/simulation/paint_thing.h"

namespace fmri2img::simulation {
namespace {

constexpr Colour kMoonlight{.82F, .82F, .95F};  // over the whole of a night scene

uint8_t level(float value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.F, 1.F) * 255));
}

}  // namespace

Canvas paint_scene(const Scene& scene, int64_t side) {
  Canvas canvas(side);
  Backdrop(scene).paint(canvas);
  for (const Thing& thing : scene.things) paint_thing(thing, canvas);
  if (scene.place == Place::kNight) canvas.tint(kMoonlight);
  return canvas;
}

at::Tensor to_picture(const Canvas& canvas) {
  at::Tensor picture = at::empty({canvas.side(), canvas.side(), 3}, at::kByte);
  auto* next = picture.mutable_data_ptr<uint8_t>();
  for (const Colour& pixel : canvas.pixels()) {
    for (const float channel : {pixel.r, pixel.g, pixel.b}) *next++ = level(channel);
  }
  return picture;
}

}  // namespace fmri2img::simulation
