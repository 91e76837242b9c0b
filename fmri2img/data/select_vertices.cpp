#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/roi.h"
#include "fmri2img/data/roi_expression.h"

namespace fmri2img::data {
namespace {

constexpr std::array kRoiSets = {"set1", "set2", "set3"};
constexpr std::array kEveryVertex = {"none", "all"};

template <class Names> bool is_one_of(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> known_operands(const RoiAtlas& atlas) {
  std::vector<std::string> known = atlas.names();
  known.insert(known.end(), kRoiSets.begin(), kRoiSets.end());
  known.insert(known.end(), kEveryVertex.begin(), kEveryVertex.end());
  return known;
}

/// One flag a vertex.
using Mask = std::vector<bool>;

/// Recursive descent: sum = product (('|' | '-') product)*, product = operand ('&' operand)*.
class Evaluator {
 public:
  Evaluator(const RoiAtlas& atlas, const std::string& expression, int64_t num_vertices)
      : atlas_(atlas),
        expression_(expression),
        num_vertices_(num_vertices),
        known_(known_operands(atlas)),
        tokens_(tokenize_roi_expression(expression, known_)) {}

  Mask evaluate() {
    Mask mask = sum();
    if (here().kind != RoiToken::Kind::kEnd) refuse("an operator or the end");
    return mask;
  }

  /// Regions that were named, directly or by a set, and have no vertex.
  const std::vector<std::string>& empty_regions() const { return empty_regions_; }

 private:
  const RoiToken& here() const { return tokens_[next_]; }
  bool at(std::string_view text) const { return here().kind == RoiToken::Kind::kOperator && here().text == text; }

  Mask sum() {
    Mask mask = product();
    while (at("|") || at("-")) {
      const bool add = at("|");
      ++next_;
      const Mask other = product();
      for (size_t v = 0; v < mask.size(); ++v) mask[v] = add ? mask[v] || other[v] : mask[v] && !other[v];
    }
    return mask;
  }

  Mask product() {
    Mask mask = operand();
    while (at("&")) {
      ++next_;
      const Mask other = operand();
      for (size_t v = 0; v < mask.size(); ++v) mask[v] = mask[v] && other[v];
    }
    return mask;
  }

  Mask operand() {
    if (at("(")) {
      FMRI2IMG_CHECK_USAGE(++depth_ <= 100, "ROI expression \"{}\": too many parentheses", expression_);
      ++next_;
      Mask mask = sum();
      if (!at(")")) refuse("\")\"");
      ++next_;
      --depth_;
      return mask;
    }
    if (here().kind != RoiToken::Kind::kName) refuse("the name of a ROI, a set or \"(\"");
    return mask_of(tokens_[next_++].text);
  }

  Mask mask_of(const std::string& name) {
    if (is_one_of(name, kEveryVertex)) return Mask(static_cast<size_t>(num_vertices_), true);
    if (is_one_of(name, kRoiSets)) return union_of(members_of(name));
    FMRI2IMG_CHECK(atlas_.contains(name),
                   "ROI expression \"{}\": there is no ROI or set \"{}\"{}; this subject has {}",
                   expression_,
                   name,
                   did_you_mean(name, known_),
                   atlas_.names().empty() ? "no ROI files: use \"none\"" : fmt::format("{}", fmt::join(known_, " ")));
    return union_of({name});
  }

  /// A set means all its regions: one that the atlas does not know of is not left out silently.
  std::vector<std::string> members_of(const std::string& set) const {
    std::vector<std::string> missing;
    for (const std::string& name : roi_set(set)) {
      if (!atlas_.contains(name)) missing.push_back(name);
    }
    FMRI2IMG_CHECK(
        missing.empty(),
        "ROI expression \"{}\": {} needs {}, which the subject's roi_masks do not define; name the ROIs to use, "
        "or use \"none\" for every vertex",
        expression_,
        set,
        fmt::join(missing, ", "));
    return roi_set(set);
  }

  Mask union_of(const std::vector<std::string>& names) {
    Mask mask(static_cast<size_t>(num_vertices_), false);
    for (const std::string& name : names) {
      const std::vector<int64_t>& vertices = atlas_.vertices(name);
      if (vertices.empty() && !is_one_of(name, empty_regions_)) empty_regions_.push_back(name);
      for (const int64_t vertex : vertices) {
        FMRI2IMG_CHECK(vertex < num_vertices_,
                       "ROI \"{}\" names vertex {}, but the responses have {} vertices",
                       name,
                       vertex,
                       format_count(num_vertices_));
        mask[static_cast<size_t>(vertex)] = true;
      }
    }
    return mask;
  }

  [[noreturn]] void refuse(std::string_view expected) const {
    fail(ErrorKind::kWrongUsage,
         "ROI expression \"{}\": expected {} at character {}, found {}",
         expression_,
         expected,
         here().position + 1,
         here().kind == RoiToken::Kind::kEnd ? "the end" : fmt::format("\"{}\"", here().text));
  }

  const RoiAtlas& atlas_;
  const std::string& expression_;
  int64_t num_vertices_;
  std::vector<std::string> known_;
  std::vector<RoiToken> tokens_;
  std::vector<std::string> empty_regions_;
  size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace

VertexSelection select_vertices(const RoiAtlas& atlas, const std::string& expression, int64_t num_vertices) {
  Evaluator evaluator(atlas, expression, num_vertices);
  const Mask mask = evaluator.evaluate();
  if (const auto& empty = evaluator.empty_regions(); !empty.empty()) {
    log_warning("ROI expression \"{}\": this subject has no vertices in {}; going on without",
                expression,
                fmt::join(empty, ", "));
  }
  VertexSelection selection{.expression = expression, .columns = {}, .num_vertices = num_vertices};
  for (size_t v = 0; v < mask.size(); ++v) {
    if (mask[v]) selection.columns.push_back(static_cast<int64_t>(v));
  }
  FMRI2IMG_CHECK(
      !selection.columns.empty(),
      "ROI expression \"{}\" selects no vertex of this subject; choose other ROIs, or \"none\" for every vertex",
      expression);
  return selection;
}

}  // namespace fmri2img::data
