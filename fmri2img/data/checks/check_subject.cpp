#include "fmri2img/data/checks/check_subject.h"

#include "fmri2img/data/checks/subject_checks.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

/// Where the responses do not say how many rows there are, the pictures do.
std::optional<int64_t> number_of_rows(const ResponseFiles& responses, const std::vector<fs::path>& pictures) {
  if (responses.rows || pictures.empty()) return responses.rows;
  return static_cast<int64_t>(pictures.size());
}

}  // namespace

std::vector<Finding> check_subject(const fs::path& folder) {
  Findings findings(folder);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    findings.add(Severity::kError,
                 "subject-missing",
                 folder,
                 "there is no such folder",
                 "name a subject's folder, such as algonauts/subj01");
    return findings.all();
  }
  const ResponseFiles train = check_response_files(findings, Partition::kTrain);
  const ResponseFiles test = check_response_files(findings, Partition::kTest);
  check_same_vertices(findings, train, test);
  check_response_values(findings, train, Partition::kTrain);
  check_response_values(findings, test, Partition::kTest);
  const std::vector<fs::path> train_pictures = check_picture_names(findings, Partition::kTrain, train.rows);
  const std::vector<fs::path> test_pictures = check_picture_names(findings, Partition::kTest, test.rows);
  const std::vector<std::string> train_hashes = check_picture_content(findings, train_pictures, Partition::kTrain);
  const std::vector<std::string> test_hashes = check_picture_content(findings, test_pictures, Partition::kTest);
  check_repeated_pictures(findings, Partition::kTrain, train_hashes);
  check_repeated_pictures(findings, Partition::kTest, test_hashes);
  check_shared_pictures(findings, train_hashes, test_hashes);
  check_rois(findings, train.widths);
  check_latents(findings, number_of_rows(train, train_pictures));
  check_known_size(findings, train);
  return findings.all();
}

}  // namespace fmri2img::data
