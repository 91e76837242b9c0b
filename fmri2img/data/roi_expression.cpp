#include "fmri2img/data/roi_expression.h"

#include "fmri2img/core/check.h"

namespace fmri2img::data {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t';
}
bool is_operator(char c) {
  return c == '|' || c == '&' || c == '-' || c == '(' || c == ')';
}
bool ends_a_name(std::string_view rest) {
  return rest.empty() || is_space(rest[0]) || is_operator(rest[0]);
}

/// The longest known name at the start of `rest`, or "".
std::string_view known_name(std::string_view rest, const std::vector<std::string>& known) {
  std::string_view longest;
  for (const std::string& name : known) {
    if (name.size() > longest.size() && rest.starts_with(name) && ends_a_name(rest.substr(name.size()))) {
      longest = rest.substr(0, name.size());
    }
  }
  return longest;
}

std::string_view unknown_name(std::string_view rest) {
  size_t end = 0;
  while (end < rest.size() && !is_space(rest[end]) && (!is_operator(rest[end]) || rest[end] == '-')) ++end;
  return rest.substr(0, end);
}

}  // namespace

std::vector<RoiToken> tokenize_roi_expression(std::string_view expression, const std::vector<std::string>& known) {
  std::vector<RoiToken> tokens;
  for (size_t position = 0; position < expression.size();) {
    const std::string_view rest = expression.substr(position);
    if (is_space(rest[0])) {
      ++position;
      continue;
    }
    RoiToken token{RoiToken::Kind::kOperator, std::string(rest.substr(0, 1)), position};
    if (!is_operator(rest[0])) {
      const std::string_view name = known_name(rest, known);
      token = {RoiToken::Kind::kName, std::string(name.empty() ? unknown_name(rest) : name), position};
    }
    position += token.text.size();
    tokens.push_back(std::move(token));
  }
  tokens.push_back({RoiToken::Kind::kEnd, "", expression.size()});
  return tokens;
}

}  // namespace fmri2img::data
