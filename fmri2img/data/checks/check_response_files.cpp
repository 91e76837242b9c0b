#include <c10/core/ScalarType.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

/// The files to open; a missing hemisphere or a partition without responses is found here.
std::vector<fs::path> response_files_there(Findings& findings, Partition partition) {
  std::vector<fs::path> hemispheres = hemisphere_files(findings.folder(), partition);
  const fs::path whole = whole_file(findings.folder(), partition);
  const bool left = fs::exists(hemispheres[0]);
  const bool right = fs::exists(hemispheres[1]);
  const std::string other_name = fmt::format("a matrix without hemispheres is called {}", whole.filename().string());
  if (left != right) {
    findings.add(Severity::kError,
                 "hemisphere-missing",
                 hemispheres[left ? 1 : 0],
                 fmt::format("is missing, but {} is there", hemispheres[left ? 0 : 1].filename().string()),
                 fmt::format("copy the {} hemisphere into the same folder ({})", left ? "right" : "left", other_name));
    return {hemispheres[left ? 0 : 1]};
  }
  if (left && fs::exists(whole)) {
    findings.add(Severity::kWarning,
                 "responses-twice",
                 whole,
                 "is not used: the hemispheres beside it are",
                 "remove one or the other");
  }
  if (left) return hemispheres;
  if (fs::exists(whole)) return {whole};
  if (partition == Partition::kTrain) {
    findings.add(Severity::kError,
                 "responses-missing",
                 responses_folder(findings.folder(), partition),
                 fmt::format("has neither {} and {} nor {}",
                             hemispheres[0].filename().string(),
                             hemispheres[1].filename().string(),
                             whole.filename().string()),
                 "copy the responses there, or make a subject's folder from other files with \"fmri2img convert\"");
  } else if (fs::exists(pictures_folder(findings.folder(), partition))) {
    findings.add(Severity::kNote,
                 "test-responses-absent",
                 responses_folder(findings.folder(), partition),
                 "there are no test responses (the challenge withheld them)",
                 "hold out training rows with --hold-out for honest scores");
  }
  return {};
}

bool is_matrix_of_numbers(const io::NpyFile& file) {
  return file.shape().size() == 2 && (c10::isFloatingType(file.dtype()) || c10::isIntegralType(file.dtype(), false));
}

std::optional<io::NpyFile> open_response_file(Findings& findings, const fs::path& path) {
  try {
    io::NpyFile file(path);
    if (is_matrix_of_numbers(file) && file.shape()[0] > 0 && file.shape()[1] > 0) return file;
    findings.add(Severity::kError,
                 "responses-shape",
                 path,
                 fmt::format("holds {} of shape {}; expected numbers, pictures x vertices",
                             io::scalar_type_name(file.dtype()),
                             format_shape(file.shape())),
                 "save the responses as a matrix with one row a picture");
  } catch (const Error& error) {
    findings.add(Severity::kError,
                 "responses-unreadable",
                 path,
                 without_file(error.message(), path),
                 "copy the file again from where it came");
  }
  return std::nullopt;
}

void note_conversion(Findings& findings, const io::NpyFile& file) {
  std::string how = file.dtype() == at::kFloat ? "" : io::scalar_type_name(file.dtype());
  if (file.header().big_endian) how += how.empty() ? "big-endian" : ", big-endian";
  if (file.fortran_order()) how += how.empty() ? "Fortran order" : ", Fortran order";
  if (how.empty()) return;
  findings.add(Severity::kNote,
               "responses-converted",
               file.path(),
               fmt::format("holds {}: it is converted to float32 whenever it is read", how),
               "nothing needs to be done; as float32 in C order it would be read faster");
}

void check_rows(Findings& findings, ResponseFiles& opened) {
  const int64_t rows = opened.files.front().shape()[0];
  opened.rows = rows;
  for (const io::NpyFile& file : opened.files) {
    if (file.shape()[0] == rows) continue;
    findings.add(Severity::kError,
                 "hemisphere-rows",
                 file.path(),
                 fmt::format("has {} rows, but {} has {}; both must have one row a picture",
                             format_count(file.shape()[0]),
                             opened.files.front().path().filename().string(),
                             format_count(rows)),
                 "copy both hemispheres again from where they came");
    opened.rows.reset();
  }
}

}  // namespace

ResponseFiles check_response_files(Findings& findings, Partition partition) {
  const std::vector<fs::path> paths = response_files_there(findings, partition);
  ResponseFiles opened;
  for (const fs::path& path : paths) {
    if (auto file = open_response_file(findings, path)) opened.files.push_back(std::move(*file));
  }
  if (opened.files.empty()) return opened;
  check_rows(findings, opened);
  for (const io::NpyFile& file : opened.files) note_conversion(findings, file);
  const bool whole = paths.front() == whole_file(findings.folder(), partition);
  if (opened.files.size() == (whole ? 1 : 2)) {
    for (const io::NpyFile& file : opened.files) opened.widths.push_back(file.shape()[1]);
  }
  return opened;
}

std::string format_widths(const std::vector<int64_t>& widths) {
  std::vector<std::string> texts;
  for (const int64_t width : widths) texts.push_back(format_count(width));
  return fmt::format("{}", fmt::join(texts, " + "));
}

void check_same_vertices(Findings& findings, const ResponseFiles& train, const ResponseFiles& test) {
  if (train.widths.empty() || test.widths.empty() || train.widths == test.widths) return;
  findings.add(Severity::kError,
               "test-vertices",
               responses_folder(findings.folder(), Partition::kTest),
               fmt::format("has {} vertices, but the training responses have {}",
                           format_widths(test.widths),
                           format_widths(train.widths)),
               "both splits must come from the same subject, with the same files");
}

}  // namespace fmri2img::data
