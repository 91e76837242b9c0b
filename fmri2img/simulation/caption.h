#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// What a person would say of a scene in one short sentence, the front thing first: "a large red car and a person in
/// blue on the beach". The front thing's size is said where it is small or large; the thing behind is small always.
std::string caption(const Scene& scene);

/// What a sentence names first of each sort.
struct NamedInCaption {
  std::optional<Kind> kind;
  std::optional<Hue> hue;
  std::optional<Place> place;
};

/// For scoring captions, whoever made them: any text, words told apart by what is no letter, ASCII case ignored.
NamedInCaption read_caption(std::string_view text);

}  // namespace fmri2img::simulation
