#include "fmri2img/simulation/caption.h"

#include <fmt/format.h>

#include <algorithm>

namespace fmri2img::simulation {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, kSizeNames.size()> kSizeWords = {"small ", "", "large "};
constexpr std::array<std::string_view, kPlaceNames.size()> kPlacePhrases = {
    "on the grass", "on the beach", "in the snow", "at night", "in a room", "on the street", "on the sea"};

std::string with_article(const std::string& noun) {
  const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + noun;
}

std::string phrase(const Thing& thing, Size size) {
  const std::string_view size_word = name_of(size, kSizeWords);
  const std::string_view kind = name_of(thing.kind, kKindNames);
  const std::string_view hue = name_of(thing.hue, kHueNames);
  if (thing.kind == Kind::kPerson) return with_article(fmt::format("{}{} in {}", size_word, kind, hue));
  if (thing.kind == Kind::kFace) return with_article(fmt::format("{}{} with {} hair", size_word, kind, hue));
  return with_article(fmt::format("{}{} {}", size_word, hue, kind));
}

/// Remembers the member that `word` names, unless one was named before.
template <class Enum, size_t kCount>
void note(std::string_view word, const std::array<std::string_view, kCount>& names, std::optional<Enum>& first) {
  const auto found = std::ranges::find(names, word);
  if (!first && found != names.end()) first = static_cast<Enum>(found - names.begin());
}

bool is_ascii_letter(char c) {
  return c >= 'a' && c <= 'z';
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::string caption(const Scene& scene) {
  std::string sentence = phrase(scene.things.back(), scene.things.back().size);
  if (scene.things.size() == 2) sentence += " and " + phrase(scene.things.front(), Size::kMedium);
  return fmt::format("{} {}", sentence, name_of(scene.place, kPlacePhrases));
}

NamedInCaption read_caption(std::string_view text) {
  const std::string lower = lowered(text);
  NamedInCaption named;
  for (auto begin = std::ranges::find_if(lower, is_ascii_letter); begin != lower.end();) {
    const auto end = std::find_if_not(begin, lower.end(), is_ascii_letter);
    const std::string_view word(begin, end);
    note(word, kKindNames, named.kind);
    note(word, kHueNames, named.hue);
    note(word, kPlaceNames, named.place);
    begin = std::find_if(end, lower.end(), is_ascii_letter);
  }
  return named;
}

}  // namespace fmri2img::simulation
