#pragma once

#include <filesystem>
#include <string>

namespace fmri2img::testing {

/// A committed golden file below tests/data.
std::filesystem::path test_data(const std::filesystem::path& name);

/// A file of the reference data outside the project; it may be absent (see FMRI2IMG_NEEDS_REFERENCE_DATA).
std::filesystem::path reference_data(const std::filesystem::path& name);

/// The program under test.
std::filesystem::path program();

struct ProgramResult {
  int exit_code;
  std::string out;  ///< stdout
  std::string err;  ///< stderr
};

/// Runs the program with `arguments` (a shell line without the program's name) and waits for it. `before` is shell text
/// in front of it, such as "ulimit -f 8;".
ProgramResult run_program(const std::string& arguments, const std::string& before = {});

}  // namespace fmri2img::testing

/// First line of a test that uses a reference file: skips, saying so, where it is absent.
#define FMRI2IMG_NEEDS_REFERENCE_DATA(name)                                \
  if (!std::filesystem::exists(::fmri2img::testing::reference_data(name))) \
  GTEST_SKIP() << "reference data not found: " << ::fmri2img::testing::reference_data(name).string()
