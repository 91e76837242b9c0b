#include "fmri2img/io/variable_info.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::io {
namespace {

constexpr size_t kMostNamesShown = 12;

std::string list_of_names(const std::vector<std::string>& names) {
  if (names.empty()) return "nothing";
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamesShown)));
  return fmt::format("\"{}\"{}",
                     fmt::join(shown, "\", \""),
                     names.size() > shown.size() ? fmt::format(" and {} more", names.size() - shown.size()) : "");
}

const VariableInfo& only_readable(const std::vector<VariableInfo>& variables, const std::string& where) {
  std::vector<std::string> readable;
  const VariableInfo* found = nullptr;
  for (const VariableInfo& variable : variables) {
    if (!variable.readable) continue;
    readable.push_back(variable.name);
    found = &variable;
  }
  FMRI2IMG_CHECK(found != nullptr, "{} holds no array of numbers", where);
  FMRI2IMG_CHECK(readable.size() == 1,
                 "{} holds {} arrays, say which one as FILE:NAME: {}",
                 where,
                 readable.size(),
                 list_of_names(readable));
  return *found;
}

}  // namespace

const VariableInfo& find_variable(const std::vector<VariableInfo>& variables,
                                  const std::string& name,
                                  const std::string& where) {
  if (name.empty()) return only_readable(variables, where);
  std::vector<std::string> names;
  for (const VariableInfo& variable : variables) {
    names.push_back(variable.name);
    if (variable.name != name) continue;
    FMRI2IMG_CHECK(variable.readable, "{}: \"{}\" is {}, not an array of numbers", where, name, variable.type);
    return variable;
  }
  const std::string suggestion = did_you_mean(name, names);
  fail(ErrorKind::kBadInput, "{} holds no \"{}\"{}; it holds {}", where, name, suggestion, list_of_names(names));
}

}  // namespace fmri2img::io
