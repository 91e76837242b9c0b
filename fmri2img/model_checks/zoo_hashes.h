#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fmri2img::model_checks {

/// A zoo's list of its files with their SHA-256, as `sha256sum -c` reads it. What `zoo train` keeps of its runs
/// (`training/`) is not in it.
inline constexpr const char* kZooHashes = "SHA256SUMS";

/// Writes the list of what is in `zoo` now, files that are being written left out.
void write_zoo_hashes(const std::filesystem::path& zoo);

/// A file that is not as the list has it.
struct DifferentFile {
  std::filesystem::path path;
  bool missing = false;
};

/// Nothing for a zoo without a list. Throws Error naming file and line for a list that is not one.
std::vector<DifferentFile> different_files(const std::filesystem::path& zoo);

/// How a file of a zoo comes back.
inline constexpr const char* kRestoreAdvice =
    "a zoo that came with the program is restored by `git checkout zoo/mini` in a clone and by `make install` where it "
    "is installed, one of your own by `zoo train`; delete SHA256SUMS if the change is meant";

/// For a model's folder, or a zoo's: throws Error naming every file beneath it that the list of its zoo (SHA256SUMS in
/// the folder or one of the two above) has otherwise. Folders without a list, and files, are taken as they are.
void require_unaltered(const std::filesystem::path& model);

/// Throws Error naming every file that is missing or altered, and how to restore it, or if there is no list.
void require_intact_zoo(const std::filesystem::path& zoo);

}  // namespace fmri2img::model_checks
