#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fmri2img/data/roi.h"

namespace fmri2img::data {

/// A word of an expression: an operator of one character, or a name.
struct RoiToken {
  enum class Kind { kName, kOperator, kEnd };

  Kind kind = Kind::kEnd;
  std::string text;
  size_t position = 0;  ///< of its first character in the expression
};

/// Cuts an expression into tokens, the last of which is kEnd.
///
/// The longest of `known` that stands at a place and ends there (before a space, an operator, `-` or the end) is the
/// name, so a known name may hold hyphens. Where none stands, the name runs to the next space or operator other than
/// `-`; it is for the parser to refuse it.
std::vector<RoiToken> tokenize_roi_expression(std::string_view expression, const std::vector<std::string>& known);

}  // namespace fmri2img::data
