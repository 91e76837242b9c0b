#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace fmri2img::fuzz {

/// One reader as a fuzz target. `read` takes all that the file offers, touches every byte of what it got, and returns
/// or throws Error; whatever else happens (another exception, a crash, a hang) is a finding.
struct Target {
  std::string_view name;  ///< also of its folder below tests/fuzz/corpus
  void (*read)(const std::filesystem::path& file);
};

const std::vector<Target>& targets();

/// Throws Error (wrong usage) if there is none.
const Target& find_target(std::string_view name);

}  // namespace fmri2img::fuzz
