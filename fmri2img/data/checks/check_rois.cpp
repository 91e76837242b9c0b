#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/data/roi.h"
#include "fmri2img/data/roi_files.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

/// Masks of a class that has no mapping would be ignored.
void find_masks_without_mapping(Findings& findings, const fs::path& folder, const std::vector<std::string>& classes) {
  constexpr std::string_view kEnding = "_challenge_space.npy";
  std::error_code ignored;
  std::set<std::string> names;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    names.insert(entry->path().filename().string());
  }
  for (const std::string& name : names) {
    if (!name.ends_with(kEnding) || !(name.starts_with("lh.") || name.starts_with("rh."))) continue;
    const std::string roi_class = name.substr(3, name.size() - 3 - kEnding.size());
    if (std::find(classes.begin(), classes.end(), roi_class) != classes.end()) continue;
    findings.add(Severity::kWarning,
                 "roi-mapping-missing",
                 folder / name,
                 fmt::format("is not used: there is no {}", roi_mapping_file(folder, roi_class).filename().string()),
                 "copy the mapping, which gives the codes their names");
  }
}

/// The fsaverage mask marks the vertices that the responses hold, one column each.
void check_all_vertices(Findings& findings, const fs::path& folder, const std::vector<int64_t>& widths) {
  if (widths.size() != 2) return;
  for (const auto& [prefix, width] : {std::pair{"lh.", widths[0]}, std::pair{"rh.", widths[1]}}) {
    const fs::path file = folder / fmt::format("{}all-vertices_fsaverage_space.npy", prefix);
    if (!fs::exists(file)) continue;
    try {
      const std::vector<int64_t> mask = read_roi_mask(file);
      const auto marked = std::count_if(mask.begin(), mask.end(), [](int64_t mark) { return mark != 0; });
      if (marked == width) continue;
      findings.add(
          Severity::kWarning,
          "roi-all-vertices",
          file,
          fmt::format("marks {} vertices, but the responses have {} there", format_count(marked), format_count(width)),
          "copy responses and masks of the same subject: the numbers of vertices differ between subjects");
    } catch (const Error& error) {
      findings.add(Severity::kWarning,
                   "roi-all-vertices",
                   file,
                   without_file(error.message(), file),
                   "copy the mask again from where it came");
    }
  }
}

void check_sets(Findings& findings, const fs::path& folder, const std::set<std::string>& defined) {
  for (const char* set : {"set1", "set2", "set3"}) {
    std::vector<std::string> missing;
    for (const std::string& name : roi_set(set)) {
      if (!defined.contains(name)) missing.push_back(name);
    }
    if (missing.empty()) continue;
    findings.add(Severity::kNote,
                 "roi-set-incomplete",
                 folder,
                 fmt::format("--roi {} cannot be used: there is no {}", set, fmt::join(missing, ", ")),
                 "name the ROIs to use, or use --roi none");
  }
}

}  // namespace

void check_rois(Findings& findings, const std::vector<int64_t>& widths) {
  const fs::path folder = roi_folder(findings.folder());
  const std::vector<std::string> classes = roi_classes(folder);
  if (classes.empty()) {
    findings.add(Severity::kNote,
                 "roi-absent",
                 folder,
                 "there are no ROI mappings: only --roi none (every vertex) can be used",
                 "copy roi_masks to choose vertices by region");
    return;
  }
  std::set<std::string> defined;
  for (const std::string& roi_class : classes) check_roi_class(findings, roi_class, widths, defined);
  find_masks_without_mapping(findings, folder, classes);
  check_all_vertices(findings, folder, widths);
  check_sets(findings, folder, defined);
}

}  // namespace fmri2img::data
