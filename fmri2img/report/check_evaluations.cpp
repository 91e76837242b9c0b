#include "fmri2img/report/check_evaluations.h"

#include <filesystem>
#include <map>
#include <string>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/csv.h"
#include "fmri2img/report/evaluation_json.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

/// Returns the number of images.
int64_t check_table(const fs::path& file, const std::map<std::string, std::string>& pictures) {
  const io::CsvTable csv = io::read_csv(file);
  FMRI2IMG_CHECK(csv.columns.size() >= 2 && csv.columns[0] == "trial" && csv.columns[1] == "picture",
                 "\"{}\" is no table of scores: evaluate again",
                 file.string());
  for (const std::vector<std::string>& row : csv.rows) {
    const auto own = pictures.find(row[0]);
    if (own != pictures.end() && own->second == row[1]) continue;
    fail(ErrorKind::kMismatch,
         "\"{}\" scores trial {} ({}), but {} in this run: evaluate again",
         file.string(),
         row[0],
         row[1],
         own == pictures.end() ? "there is no such trial" : "that trial shows " + own->second);
  }
  return static_cast<int64_t>(csv.rows.size());
}

}  // namespace

void check_evaluations(const reconstruction::Results& results) {
  std::map<std::string, std::string> pictures;
  for (const reconstruction::ResultRow& row : results.rows) pictures[std::to_string(row.trial)] = row.picture;
  for (const fs::path& file : evaluation_files(results.folder)) {
    const fs::path table = fs::path(file).replace_extension(".csv");
    FMRI2IMG_CHECK(fs::exists(table),
                   "\"{}\" is missing, which says of which trials \"{}\" is: evaluate again",
                   table.string(),
                   file.filename().string());
    const int64_t rows = check_table(table, pictures);
    const auto images = read_json(file).value("images", int64_t{0});
    FMRI2IMG_CHECK(images == rows,
                   "\"{}\" is of {} images, the table beside it of {}: evaluate again",
                   file.string(),
                   images,
                   rows);
  }
}

}  // namespace fmri2img::report
