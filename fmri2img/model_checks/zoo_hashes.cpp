#include "fmri2img/model_checks/zoo_hashes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/half_written.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHexDigits = 64;

/// What `zoo train` writes: whatever else the user keeps there is not ours to vouch for.
bool is_part_of_zoo(const fs::path& relative) {
  const fs::path first = *relative.begin();
  return (first == "stable-diffusion" || first == "clip" || first == "blip") && !is_half_written(relative);
}

std::vector<fs::path> files_of(const fs::path& zoo) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(zoo)) {
    const fs::path relative = entry.path().lexically_relative(zoo);
    if (entry.is_regular_file() && is_part_of_zoo(relative)) files.push_back(relative);
  }
  std::ranges::sort(files);
  return files;
}

bool lies_below(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

/// Those of the zoo's list below `folder`. Throws Error naming file and line for a list that is not one.
std::vector<DifferentFile> different_files_below(const fs::path& zoo, const fs::path& folder) {
  const fs::path list = zoo / kZooHashes;
  std::vector<DifferentFile> different;
  if (!fs::exists(list)) return different;
  std::istringstream lines(read_file(list));
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    FMRI2IMG_CHECK(line.size() > kHexDigits + 2 && line.substr(kHexDigits, 2) == "  ",
                   "\"{}\", line {}: expected the 64 digits of a SHA-256, two spaces and a file's name",
                   list.string(),
                   number);
    const fs::path file = zoo / line.substr(kHexDigits + 2);
    if (!lies_below(file, folder)) continue;
    if (!fs::exists(file)) {
      different.push_back({file, true});
    } else if (sha256(read_file(file)) != line.substr(0, kHexDigits)) {
      different.push_back({file, false});
    }
  }
  return different;
}

void require_none(const std::vector<DifferentFile>& different) {
  std::vector<std::string> sentences;
  for (const DifferentFile& file : different) {
    sentences.push_back(fmt::format("\"{}\" is {}", file.path.string(), file.missing ? "missing" : "altered"));
  }
  FMRI2IMG_CHECK(sentences.empty(), "{}: not as in {}; {}", fmt::join(sentences, ", "), kZooHashes, kRestoreAdvice);
}

}  // namespace

void write_zoo_hashes(const fs::path& zoo) {
  std::string list;
  for (const fs::path& file : files_of(zoo)) {
    list += fmt::format("{}  {}\n", sha256(read_file(zoo / file)), file.generic_string());
  }
  write_file(zoo / kZooHashes, list);
}

std::vector<DifferentFile> different_files(const fs::path& zoo) {
  return different_files_below(zoo, zoo);
}

void require_unaltered(const fs::path& model) {
  if (!fs::is_directory(model)) return;
  const fs::path folder = fs::canonical(model);
  fs::path zoo = folder;
  for (int above = 0; above < 2 && !fs::exists(zoo / kZooHashes); ++above) zoo = zoo.parent_path();
  require_none(different_files_below(zoo, folder));
}

void require_intact_zoo(const fs::path& zoo) {
  FMRI2IMG_CHECK(fs::exists(zoo / kZooHashes),
                 "\"{}\" holds no {}: it is not a zoo that came with this program or that `zoo train` has made",
                 zoo.string(),
                 kZooHashes);
  require_none(different_files(zoo));
}

}  // namespace fmri2img::model_checks
