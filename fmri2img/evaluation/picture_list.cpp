#include "fmri2img/evaluation/picture_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/shared_pictures.h"
#include "fmri2img/evaluation/leak_guard.h"

namespace fmri2img::evaluation {

using reconstruction::ResultRow;
using reconstruction::Results;

namespace {

std::set<std::string> pictures_of(const Results& results) {
  std::set<std::string> pictures;
  for (const ResultRow& row : results.rows) pictures.insert(row.picture);
  return pictures;
}

void require_all(const std::set<std::string>& listed, const std::set<std::string>& made, const std::string& file) {
  std::vector<std::string> missing;
  std::set_difference(listed.begin(), listed.end(), made.begin(), made.end(), std::back_inserter(missing));
  if (missing.empty()) return;
  fail(ErrorKind::kMismatch,
       "{} of the {} pictures that \"{}\" lists are not in these results: {}. Reconstruct them (--trials file:{}), or, "
       "where this subject did not see them, make a list of its own (shared-pictures --ids)",
       format_count(static_cast<int64_t>(missing.size())),
       format_count(static_cast<int64_t>(listed.size())),
       file,
       name_some(missing),
       file);
}

}  // namespace

ListedResults keep_listed(const Results& results, const std::string& file) {
  const std::vector<std::string> ids = data::read_picture_ids(file);
  const std::set<std::string> listed(ids.begin(), ids.end());
  const std::set<std::string> made = pictures_of(results);
  require_all(listed, made, file);
  ListedResults kept{results, {}};
  std::erase_if(kept.results.rows, [&](const ResultRow& row) { return !listed.contains(row.picture); });
  kept.note = fmt::format("the images are the {} that \"{}\" lists; {} others of the run are left out",
                          format_count(static_cast<int64_t>(listed.size())),
                          file,
                          format_count(static_cast<int64_t>(made.size() - listed.size())));
  return kept;
}

std::string note_unlisted(const Protocol& protocol, size_t images) {
  if (protocol.images == 0 || static_cast<int64_t>(images) != protocol.images) return {};
  return fmt::format(
      "whether these are the {} pictures of \"{}\" was not checked: give their list with --ids (see shared-pictures)",
      format_count(protocol.images),
      protocol.name);
}

}  // namespace fmri2img::evaluation
