#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/data/subject.h"

namespace fmri2img::data {

/// Pictures of a benchmark, known by their numbers in NSD.
struct SharedPictures {
  std::vector<std::string> ids;     ///< "nsd-00013", ascending, each once
  std::vector<int64_t> of_subject;  ///< how many of them each subject's training split has, in the order given
};

/// The pictures that are in the training splits of more than one subject: of the full Algonauts folders of subjects 1,
/// 2, 5 and 7, the 982 shared pictures whose three presentations lie in the 37 published sessions.
///
/// Throws Error (wrong usage) for fewer than two subjects, or one that is given twice; (bad input) where file names
/// hold no NSD number, by which alone pictures of different subjects are known to be the same, and where nothing is
/// shared.
SharedPictures find_shared_pictures(const std::vector<Subject>& subjects);

/// Those of `ids` that are in some subject's training split. Throws Error as above, and (mismatch) where none is.
SharedPictures find_listed_pictures(const std::vector<Subject>& subjects, const std::vector<std::string>& ids);

/// Picture ids, one a line; blank lines and what follows `#` are skipped. Throws Error naming the file and the line for
/// a bare number, which could be a row or a number that counts from 1, and for a file without ids.
std::vector<std::string> read_picture_ids(const std::filesystem::path& file);

}  // namespace fmri2img::data
