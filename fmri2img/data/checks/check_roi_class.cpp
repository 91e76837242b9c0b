#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/data/roi_files.h"
#include "fmri2img/io/roi_mapping.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

/// One mask that a class should have.
struct MaskPlace {
  std::string prefix;  ///< "lh.", "rh." or ""
  std::optional<int64_t> length;
};

std::vector<MaskPlace> mask_places(const fs::path& folder,
                                   const std::string& roi_class,
                                   const std::vector<int64_t>& widths) {
  if (widths.size() == 2) return {{"lh.", widths[0]}, {"rh.", widths[1]}};
  if (roi_mask_file(folder, "", roi_class)) {
    return {{"", widths.empty() ? std::nullopt : std::make_optional(widths[0])}};
  }
  return {{"lh.", std::nullopt}, {"rh.", std::nullopt}};
}

/// The codes of one mask, or nothing where it is missing, damaged or of another length.
std::optional<std::vector<int64_t>> open_mask(Findings& findings,
                                              const fs::path& folder,
                                              const std::string& roi_class,
                                              const MaskPlace& place) {
  const auto file = roi_mask_file(folder, place.prefix, roi_class);
  if (!file) {
    findings.add(Severity::kError,
                 "roi-mask-missing",
                 folder / fmt::format("{}{}_challenge_space.npy", place.prefix, roi_class),
                 fmt::format("is missing, but {} is there", roi_mapping_file(folder, roi_class).filename().string()),
                 "copy the mask, or remove the mapping of that class");
    return std::nullopt;
  }
  try {
    std::vector<int64_t> codes = read_roi_mask(*file);
    const auto length = static_cast<int64_t>(codes.size());
    if (length == place.length.value_or(length)) return codes;
    findings.add(
        Severity::kError,
        "roi-mask-length",
        *file,
        fmt::format(
            "has {} vertices, but the responses have {} there", format_count(length), format_count(*place.length)),
        "copy the masks of this subject: these are another's, or in fsaverage space");
  } catch (const Error& error) {
    findings.add(Severity::kError,
                 "roi-mask-unreadable",
                 *file,
                 without_file(error.message(), *file),
                 "copy the mask again from where it came");
  }
  return std::nullopt;
}

std::optional<std::map<int64_t, std::string>> open_mapping(Findings& findings, const fs::path& file) {
  try {
    return io::read_roi_mapping(file);
  } catch (const Error& error) {
    findings.add(Severity::kError,
                 "roi-mapping-unreadable",
                 file,
                 without_file(error.message(), file),
                 "copy the mapping again from where it came");
    return std::nullopt;
  }
}

void check_codes(Findings& findings,
                 const fs::path& mask,
                 const std::vector<int64_t>& codes,
                 const std::map<int64_t, std::string>& names) {
  std::set<int64_t> unnamed;
  int64_t vertices = 0;
  for (const int64_t code : codes) {
    if (code == 0 || names.contains(code)) continue;
    unnamed.insert(code);
    ++vertices;
  }
  if (unnamed.empty()) return;
  findings.add(Severity::kWarning,
               "roi-code-unnamed",
               mask,
               fmt::format("{} with codes that have no name ({}) and so in no ROI",
                           counted(vertices, "vertex", "vertices"),
                           list_some({unnamed.begin(), unnamed.end()})),
               "see that mask and mapping belong together");
}

void find_empty_regions(Findings& findings,
                        const fs::path& mapping_file,
                        const std::map<int64_t, std::string>& names,
                        const std::set<int64_t>& used) {
  std::vector<std::string> empty;
  for (const auto& [code, name] : names) {
    if (code != 0 && !used.contains(code)) empty.push_back(name);
  }
  if (empty.empty()) return;
  findings.add(Severity::kNote,
               "roi-empty",
               mapping_file,
               fmt::format("names without any vertex in this subject: {}", fmt::join(empty, ", ")),
               "nothing needs to be done: such a ROI adds nothing to a set");
}

}  // namespace

void check_roi_class(Findings& findings,
                     const std::string& roi_class,
                     const std::vector<int64_t>& widths,
                     std::set<std::string>& defined) {
  const fs::path folder = roi_folder(findings.folder());
  const fs::path mapping_file = roi_mapping_file(folder, roi_class);
  const auto names = open_mapping(findings, mapping_file);
  std::set<int64_t> used;
  int64_t total = 0;
  bool whole = names.has_value();
  for (const MaskPlace& place : mask_places(folder, roi_class, widths)) {
    const auto codes = open_mask(findings, folder, roi_class, place);
    whole = whole && codes.has_value();
    if (!codes || !names) continue;
    check_codes(findings, *roi_mask_file(folder, place.prefix, roi_class), *codes, *names);
    used.insert(codes->begin(), codes->end());
    total += static_cast<int64_t>(codes->size());
  }
  if (!whole) return;
  if (widths.size() == 1 && total != widths[0]) {
    findings.add(Severity::kError,
                 "roi-mask-length",
                 mapping_file,
                 fmt::format("the masks of {} have {} vertices, but the responses have {}",
                             roi_class,
                             format_count(total),
                             format_count(widths[0])),
                 "copy the masks of this subject");
  }
  for (const auto& [code, name] : *names) {
    if (code != 0) defined.insert(name);
  }
  find_empty_regions(findings, mapping_file, *names, used);
}

}  // namespace fmri2img::data
