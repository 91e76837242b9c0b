#include <algorithm>
#include <charconv>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/data/pictures.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

/// The first number in a file's name: its place in the order.
std::optional<int64_t> running_number(const fs::path& file) {
  const std::string name = file.stem().string();
  const size_t first = name.find_first_of("0123456789");
  if (first == std::string::npos) return std::nullopt;
  int64_t number = 0;
  const auto result = std::from_chars(name.data() + first, name.data() + name.size(), number);
  return result.ec == std::errc{} ? std::make_optional(number) : std::nullopt;
}

void check_count(Findings& findings, const Pictures& pictures, std::optional<int64_t> rows) {
  if (!rows || pictures.size() == *rows) return;
  findings.add(Severity::kError,
               "picture-count",
               pictures.folder(),
               fmt::format("has {}, but the responses have {}; there must be one picture a row",
                           counted(pictures.size(), "picture", "pictures"),
                           counted(*rows, "row", "rows")),
               pictures.size() < *rows ? "copy the missing pictures" : "remove the pictures that belong to no row");
}

/// Gaps and repeats in the running numbers.
void check_numbers(Findings& findings, const Pictures& pictures) {
  std::vector<int64_t> missing;
  for (int64_t row = 0; row < pictures.size(); ++row) {
    const auto number = running_number(pictures.path(row));
    if (!number) {
      findings.add(Severity::kNote,
                   "picture-names",
                   pictures.path(row),
                   "has no number in its name; rows follow the alphabetical order of such names",
                   "see that this is the order of the responses' rows");
      return;
    }
    const auto before = row > 0 ? running_number(pictures.path(row - 1)) : std::nullopt;
    if (!before) continue;
    if (*number == *before) {
      findings.add(Severity::kWarning,
                   "picture-number-repeated",
                   pictures.path(row),
                   fmt::format("has the number of {}", pictures.path(row - 1).filename().string()),
                   "keep one of them: every later picture stands one row too far");
    }
    for (int64_t gap = *before + 1; gap < *number && missing.size() < 100000; ++gap) missing.push_back(gap);
  }
  if (missing.empty()) return;
  findings.add(Severity::kWarning,
               "picture-numbers",
               pictures.folder(),
               fmt::format("{} missing in the names between the first and the last: {}",
                           counted(static_cast<int64_t>(missing.size()), "number", "numbers"),
                           list_some(missing)),
               "row i belongs to the i-th picture that is there: see that no picture was lost in copying");
}

/// In the challenge's files the NSD numbers ascend with the rows.
void check_nsd_order(Findings& findings, const Pictures& pictures) {
  for (int64_t row = 1; row < pictures.size(); ++row) {
    const auto before = pictures.nsd_id(row - 1);
    const auto number = pictures.nsd_id(row);
    if (!before || !number || *before < *number) continue;
    findings.add(Severity::kWarning,
                 "picture-order",
                 pictures.path(row),
                 fmt::format("stands in row {}, after {}: the NSD numbers do not ascend",
                             row,
                             pictures.path(row - 1).filename().string()),
                 "see that the names were not changed: in the challenge's files both numbers ascend together");
    return;
  }
}

}  // namespace

std::vector<fs::path> check_picture_names(Findings& findings, Partition partition, std::optional<int64_t> rows) {
  const fs::path folder = pictures_folder(findings.folder(), partition);
  std::error_code ignored;
  const bool there = fs::is_directory(folder, ignored);
  if (!there && partition == Partition::kTest && !rows) return {};
  if (!there) {
    findings.add(
        Severity::kWarning,
        "pictures-missing",
        folder,
        fmt::format("there are no {} pictures", partition_name(partition)),
        "copy the pictures there: without them nothing can be scored, and only stored latents can be trained on");
    return {};
  }
  try {
    const Pictures pictures(folder);
    check_count(findings, pictures, rows);
    check_numbers(findings, pictures);
    check_nsd_order(findings, pictures);
    std::vector<fs::path> files;
    for (int64_t row = 0; row < pictures.size(); ++row) files.push_back(pictures.path(row));
    return files;
  } catch (const Error& error) {
    findings.add(Severity::kError,
                 "pictures-unreadable",
                 folder,
                 without_file(error.message(), folder),
                 "see the folder's permissions");
    return {};
  }
}

}  // namespace fmri2img::data
