#include "fmri2img/simulation/paint_thing.h"

#include <array>
#include <numbers>

#include "fmri2img/simulation/brush.h"
#include "fmri2img/simulation/random_stream.h"

namespace fmri2img::simulation {
namespace {

constexpr Colour kBlack{.08F, .08F, .10F};
constexpr Colour kWhite{.96F, .96F, .96F};
constexpr Colour kGrey{.60F, .60F, .62F};
constexpr Colour kWindow{.70F, .87F, .95F};
constexpr Colour kSkin{.93F, .74F, .60F};
constexpr Colour kWood{.40F, .25F, .12F};
constexpr Colour kLeaf{.20F, .50F, .16F};
constexpr float kRimWidth = .03F;  // a pixel of 64
constexpr float kDim = .35F;       // ground on which a rim is light, not dark
constexpr std::array<float, 2> kSides = {-1.F, 1.F};

Colour dark(Colour c) {
  return c * .58F;
}

Colour light(Colour c) {
  return c * .45F + Colour{.55F, .55F, .55F};
}

void paint_house(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill(box(.3F, .5F, -.9F, -.3F), dark(c));
  brush.fill_lit(box(-.72F, .72F, -.1F, 1), c);
  brush.fill_lit(triangle({0, -.98F}, {.95F, -.08F}, {-.95F, -.08F}), dark(c));
  brush.fill(box(-.15F, .2F, .4F, 1), {.25F, .16F, .10F});
  brush.fill(box(-.55F, -.27F, .15F, .45F), kWindow);
  brush.fill(box(.32F, .6F, .15F, .45F), kWindow);
}

void paint_tree(Brush& brush, Colour c, RandomStream& random) {
  brush.fill(box(-.13F, .13F, .2F, 1), kWood);
  if (random.chance(.5F)) {
    brush.fill_lit(join(circle({0, -.5F}, .45F), circle({-.35F, -.05F}, .42F), circle({.35F, -.05F}, .42F)), c);
    brush.fill(circle({-.3F, -.1F}, .12F), dark(c));
  } else {
    brush.fill_lit(join(triangle({0, -1}, {.6F, 0}, {-.6F, 0}), triangle({0, -.5F}, {.75F, .5F}, {-.75F, .5F})), c);
    brush.fill(box(-.5F, .5F, .36F, .42F), dark(c));
  }
}

void paint_car(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill_lit(box(-.55F, .45F, 0, .55F, .2F), c);
  brush.fill_lit(box(-1, 1, .35F, .82F, .14F), c);
  brush.fill(box(-.42F, -.08F, .1F, .36F, .05F), kWindow);
  brush.fill(box(.02F, .32F, .1F, .36F, .05F), kWindow);
  brush.fill(box(-.98F, .98F, .6F, .66F), dark(c));
  for (const float x : {-.55F, .55F}) {
    brush.fill(circle({x, .8F}, .21F), kBlack);
    brush.fill(circle({x, .8F}, .09F), kGrey);
  }
  brush.fill(circle({.92F, .5F}, .07F), {1, .95F, .6F});
}

void paint_ball(Brush& brush, Colour c, RandomStream& /*random*/) {
  const auto ball = circle({0, .2F}, .8F);
  brush.fill_lit(ball, c);
  brush.fill(common(outline(circle({0, .95F}, .9F), .09F), ball), kWhite);
  brush.fill(circle({-.3F, -.15F}, .14F), light(c));
}

void paint_fish(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill(triangle({-.45F, .1F}, {-1, .6F}, {-1, -.4F}), dark(c));
  brush.fill(triangle({-.1F, -.75F}, {.3F, -.3F}, {-.3F, -.2F}), dark(c));
  const auto body = ellipse({.15F, .1F}, .75F, .45F);
  brush.fill_lit(body, c);
  brush.fill(common(box(-.12F, .02F, -1, 1), body), light(c));
  brush.fill(circle({.58F, 0}, .12F), kWhite);
  brush.fill(circle({.6F, 0}, .06F), kBlack);
}

void paint_cat(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill_lit(triangle({.68F, -.95F}, {.75F, -.2F}, {.15F, -.5F}), c);
  brush.fill_lit(triangle({-.68F, -.95F}, {-.15F, -.5F}, {-.75F, -.2F}), c);
  brush.fill_lit(ellipse({0, .2F}, .82F, .75F), c);
  for (const float side : kSides) {
    brush.fill(ellipse({side * .35F, .05F}, .17F, .2F), {.85F, .95F, .3F});
    brush.fill(ellipse({side * .35F, .05F}, .06F, .17F), kBlack);
    brush.fill(segment({side * .25F, .38F}, {side * .95F, .3F}, .025F), kBlack);
    brush.fill(segment({side * .25F, .47F}, {side * .95F, .52F}, .025F), kBlack);
  }
  brush.fill(triangle({-.1F, .3F}, {.1F, .3F}, {0, .43F}), {.9F, .45F, .5F});
  brush.fill(segment({0, .43F}, {0, .62F}, .025F), kBlack);
}

void paint_person(Brush& brush, Colour c, RandomStream& random) {
  const Colour trousers{.2F, .2F, .32F};
  brush.fill(join(box(-.24F, -.02F, .35F, 1), box(.02F, .24F, .35F, 1)), trousers);
  const bool arms_up = random.chance(.4F);
  for (const float side : kSides) {
    brush.fill_lit(arms_up ? segment({side * .28F, -.25F}, {side * .62F, -.65F}, .09F)
                           : segment({side * .3F, -.25F}, {side * .5F, .25F}, .09F),
                   c);
  }
  brush.fill_lit(box(-.32F, .32F, -.38F, .42F, .1F), c);
  brush.fill(circle({0, -.66F}, .28F), kSkin * random.uniform(.55F, 1.05F));
  brush.fill(common(circle({0, -.68F}, .31F), box(-1, 1, -2, -.72F)), {.22F, .14F, .08F});
}

/// Hair on the head and down both sides, the chin free.
void paint_face(Brush& brush, Colour c, RandomStream& random) {
  const Colour skin = clamp(kSkin * random.uniform(.6F, 1.05F));
  brush.fill(box(-.22F, .22F, .6F, 1.05F), skin * .8F);
  brush.fill_lit(join(ellipse({0, -.3F}, .9F, .72F), box(-.9F, -.5F, -.3F, .5F, .15F), box(.5F, .9F, -.3F, .5F, .15F)),
                 c);
  brush.fill(ellipse({0, .1F}, .64F, .8F), skin);
  brush.fill_lit(common(ellipse({0, -.25F}, .86F, .72F), box(-1, 1, -2, -.36F)), c);
  for (const float side : kSides) {
    brush.fill(ellipse({side * .27F, .02F}, .16F, .12F), kWhite);
    brush.fill(circle({side * .27F, .02F}, .09F), kBlack);
    brush.fill(box(side * .27F - .16F, side * .27F + .16F, -.24F, -.17F), {.2F, .12F, .08F});
  }
  brush.fill(triangle({0, .08F}, {.09F, .33F}, {-.09F, .33F}), skin * .75F);
  brush.fill(ellipse({0, .55F}, .28F, .1F), {.75F, .2F, .22F});
}

void paint_boat(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill(box(-.04F, .04F, -.95F, .5F), kWood);
  brush.fill(triangle({.08F, -.92F}, {.75F, .35F}, {.08F, .35F}), kWhite);
  brush.fill(triangle({-.08F, -.7F}, {-.08F, .35F}, {-.55F, .35F}), light(c));
  const auto hull = common(half_plane({-1, .45F}, {1, .45F}),
                           half_plane({1, .45F}, {.65F, 1}),
                           half_plane({.65F, 1}, {-.65F, 1}),
                           half_plane({-.65F, 1}, {-1, .45F}));
  brush.fill_lit(hull, c);
  brush.fill(common(hull, box(-1, 1, .51F, .59F)), dark(c));
}

void paint_flower(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill(segment({0, -.2F}, {0, 1}, .06F), kLeaf);
  brush.fill(join(ellipse({-.25F, .62F}, .26F, .11F), ellipse({.25F, .72F}, .26F, .11F)), kLeaf);
  for (int petal = 0; petal < 6; ++petal) {
    const float angle = static_cast<float>(petal) * std::numbers::pi_v<float> / 3;
    brush.fill_lit(circle({.38F * std::cos(angle), -.35F + .38F * std::sin(angle)}, .26F),
                   petal % 2 == 0 ? c * .88F : c);
  }
  brush.fill(circle({0, -.35F}, .2F), {.98F, .8F, .2F});
  brush.fill(circle({0, -.35F}, .09F), {.5F, .3F, .08F});
}

void paint_train(Brush& brush, Colour c, RandomStream& /*random*/) {
  brush.fill_lit(box(-1, -.15F, -.2F, .7F, .05F), dark(c));
  brush.fill_lit(join(box(-.05F, 1, .1F, .7F, .08F), box(-.05F, .4F, -.45F, .7F, .05F)), c);
  brush.fill(box(-.1F, .45F, -.55F, -.42F), dark(c));
  brush.fill(box(.68F, .84F, -.35F, .12F), kBlack);
  brush.fill(box(.05F, .3F, -.3F, .02F), kWindow);
  brush.fill(join(box(-.85F, -.6F, -.05F, .25F), box(-.5F, -.25F, -.05F, .25F)), kWindow);
  for (const float x : {-.8F, -.38F, .15F, .5F, .82F}) {
    brush.fill(circle({x, .82F}, .16F), kBlack);
    brush.fill(circle({x, .82F}, .06F), kGrey);
  }
  brush.fill(box(-1.1F, 1.1F, .96F, 1.02F), {.3F, .25F, .22F});
}

/// One of three letters at `x`: A, P, O.
void paint_letter(Brush& brush, float x, int64_t letter, Colour ink) {
  constexpr float kPen = .04F;
  if (letter == 0) {
    brush.fill(join(segment({x - .12F, -.05F}, {x, -.5F}, kPen), segment({x + .12F, -.05F}, {x, -.5F}, kPen)), ink);
  } else if (letter == 1) {
    brush.fill(join(segment({x - .1F, -.5F}, {x - .1F, -.05F}, kPen),
                    segment({x - .1F, -.5F}, {x + .1F, -.5F}, kPen),
                    segment({x - .1F, -.28F}, {x + .08F, -.28F}, kPen)),
               ink);
  } else {
    brush.fill(outline(ellipse({x, -.28F}, .12F, .22F), kPen), ink);
  }
}

void paint_sign(Brush& brush, Colour c, RandomStream& random) {
  brush.fill(box(-.07F, .07F, .1F, 1), kGrey);
  brush.fill(box(-.95F, .95F, -.8F, .25F, .1F), kWhite * .5F);
  brush.fill_lit(box(-.9F, .9F, -.75F, .2F, .08F), c);
  const Colour ink = c.r + c.g + c.b > 1.8F ? kBlack : kWhite;
  for (const float x : {-.6F, -.2F, .2F, .6F}) paint_letter(brush, x, random.below(3), ink);
}

// In the order of Kind.
constexpr std::array<void (*)(Brush&, Colour, RandomStream&), kKindNames.size()> kPainters = {paint_house,
                                                                                              paint_tree,
                                                                                              paint_car,
                                                                                              paint_ball,
                                                                                              paint_fish,
                                                                                              paint_cat,
                                                                                              paint_person,
                                                                                              paint_face,
                                                                                              paint_boat,
                                                                                              paint_flower,
                                                                                              paint_train,
                                                                                              paint_sign};

}  // namespace

void paint_thing(const Thing& thing, Canvas& canvas) {
  Brush brush(canvas, {thing.x, thing.y}, thing.scale, thing.mirrored);
  const Colour rim = brush.light() < kDim ? mix(thing.colour, kWhite, .5F) : thing.colour * .3F;
  if (thing.kind != Kind::kFish) brush.shade(ellipse({.1F, 1}, .85F, .13F), .35F);
  const auto paint = [&] {
    RandomStream random(thing.variation, Use::kTexture, 1);
    kPainters[static_cast<size_t>(thing.kind)](brush, thing.colour, random);
  };
  brush.paint_rims(rim, kRimWidth);
  paint();
  brush.end_rims();
  paint();
}

}  // namespace fmri2img::simulation
