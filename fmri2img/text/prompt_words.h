#pragma once

#include <array>
#include <string_view>

namespace fmri2img::text {

/// Words that people write into prompts whatever the captions are: given to a learned vocabulary, they are one token
/// each.
inline constexpr std::array<std::string_view, 32> kPromptWords = {
    "photo", "picture", "image", "of",  "there", "is",   "it",     "with",   "near", "next",   "to",
    "and",   "the",     "one",   "two", "black", "pink", "gray",   "blurry", "big",  "little", "left",
    "right", "bright",  "dark",  "sun", "moon",  "sky",  "desert", "a",      "an",   "in"};

}  // namespace fmri2img::text
