#include <unordered_map>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"

namespace fmri2img::data {

void check_repeated_pictures(Findings& findings, Partition partition, const std::vector<std::string>& hashes) {
  std::unordered_map<std::string, size_t> first_with;
  std::vector<int64_t> repeats;
  std::string example;
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i].empty()) continue;
    const auto [entry, is_new] = first_with.try_emplace(hashes[i], i);
    if (is_new) continue;
    if (repeats.empty()) example = fmt::format("row {} shows the picture of row {}", i, entry->second);
    repeats.push_back(static_cast<int64_t>(i));
  }
  if (repeats.empty()) return;
  findings.add(Severity::kWarning,
               "pictures-repeated",
               pictures_folder(findings.folder(), partition),
               fmt::format("{} pixel by pixel like an earlier one: {} (rows {})",
                           counted(static_cast<int64_t>(repeats.size()), "picture", "pictures"),
                           example,
                           list_some(repeats)),
               "average the rows of a repeated picture, or keep all of them on one side of the split: --hold-out with "
               "these rows");
}

void check_shared_pictures(Findings& findings,
                           const std::vector<std::string>& train,
                           const std::vector<std::string>& test) {
  std::unordered_map<std::string, int64_t> row_of;
  for (size_t i = 0; i < train.size(); ++i) row_of.try_emplace(train[i], static_cast<int64_t>(i));
  std::vector<int64_t> shared;
  for (const std::string& picture : test) {
    if (!picture.empty() && row_of.contains(picture)) shared.push_back(row_of.at(picture));
  }
  if (shared.empty()) return;
  findings.add(Severity::kWarning,
               "pictures-in-both-splits",
               pictures_folder(findings.folder(), Partition::kTest),
               fmt::format("{} of {} test pictures in the training split too (training rows {})",
                           format_count(static_cast<int64_t>(shared.size())),
                           format_count(static_cast<int64_t>(test.size())),
                           list_some(shared)),
               "hold these training rows out (--hold-out), or scores on the test split are too good");
}

}  // namespace fmri2img::data
