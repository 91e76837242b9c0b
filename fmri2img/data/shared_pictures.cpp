#include "fmri2img/data/shared_pictures.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

using Ids = std::set<std::string>;

Ids training_ids(const Subject& subject) {
  const Pictures& pictures = subject.pictures(Partition::kTrain);
  Ids ids;
  for (int64_t row = 0; row < pictures.size(); ++row) {
    FMRI2IMG_CHECK(pictures.nsd_id(row).has_value(),
                   "\"{}\" has no NSD number in its name (as in train-0001_nsd-00013.png): names such as 0.png do not "
                   "say which pictures two subjects share",
                   pictures.path(row).string());
    ids.insert(pictures.id(row));
  }
  return ids;
}

void require_different(const std::vector<Subject>& subjects) {
  std::map<std::string, const Subject*> known;
  for (const Subject& subject : subjects) {
    const auto [other, is_new] = known.try_emplace(subject.fingerprint(), &subject);
    FMRI2IMG_CHECK_USAGE(is_new,
                         "\"{}\" and \"{}\" are the same subject, which shares every picture with itself: give each "
                         "subject once",
                         other->second->path().string(),
                         subject.path().string());
  }
}

std::vector<Ids> ids_by_subject(const std::vector<Subject>& subjects) {
  require_different(subjects);
  std::vector<Ids> ids;
  for (const Subject& subject : subjects) ids.push_back(training_ids(subject));
  return ids;
}

/// Of `wanted`, what is in at least `fewest` of `by_subject`.
SharedPictures count_pictures(const std::vector<Ids>& by_subject, const Ids& wanted, size_t fewest) {
  SharedPictures shared;
  shared.of_subject.resize(by_subject.size());
  for (const std::string& id : wanted) {
    std::vector<size_t> having;
    for (size_t i = 0; i < by_subject.size(); ++i) {
      if (by_subject[i].contains(id)) having.push_back(i);
    }
    if (having.size() < fewest) continue;
    shared.ids.push_back(id);
    for (const size_t i : having) ++shared.of_subject[i];
  }
  return shared;
}

/// A line without its comment and the white space around.
std::string without_comment(std::string line) {
  line.erase(std::min(line.find('#'), line.size()));
  return std::string(trimmed(line));
}

}  // namespace

SharedPictures find_shared_pictures(const std::vector<Subject>& subjects) {
  FMRI2IMG_CHECK_USAGE(subjects.size() >= 2,
                       "one subject alone shares no pictures: give two or more subjects, or a list of the pictures "
                       "with --ids");
  const std::vector<Ids> by_subject = ids_by_subject(subjects);
  Ids all;
  for (const Ids& ids : by_subject) all.insert(ids.begin(), ids.end());
  SharedPictures shared = count_pictures(by_subject, all, 2);
  FMRI2IMG_CHECK(!shared.ids.empty(),
                 "no picture is in the training splits of more than one of these {} subjects",
                 subjects.size());
  return shared;
}

SharedPictures find_listed_pictures(const std::vector<Subject>& subjects, const std::vector<std::string>& ids) {
  SharedPictures listed = count_pictures(ids_by_subject(subjects), Ids(ids.begin(), ids.end()), 1);
  if (listed.ids.empty()) {
    fail(ErrorKind::kMismatch,
         "none of the {} listed pictures is in the training split of \"{}\"{}",
         format_count(static_cast<int64_t>(ids.size())),
         subjects.front().path().string(),
         subjects.size() > 1 ? " or of the other subjects" : "");
  }
  return listed;
}

std::vector<std::string> read_picture_ids(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::vector<std::string> ids;
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string id = without_comment(line);
    if (id.empty()) continue;
    FMRI2IMG_CHECK(
        id.find_first_not_of("0123456789:, ") != std::string::npos,
        "\"{}\" line {}: \"{}\" is a bare number, which may be a row or count from 1: write picture ids such "
        "as nsd-02950, which count NSD's pictures from 0",
        file.string(),
        number,
        id);
    ids.push_back(id);
  }
  FMRI2IMG_CHECK(!ids.empty(), "\"{}\" lists no picture: write one id a line, such as nsd-02950", file.string());
  return ids;
}

}  // namespace fmri2img::data
