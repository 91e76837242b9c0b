#include "tests/support/reference_data.h"

#include <sys/wait.h>

#include <cstdlib>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::testing {

std::filesystem::path test_data(const std::filesystem::path& name) {
  return std::filesystem::path(FMRI2IMG_TEST_DATA) / name;
}

std::filesystem::path reference_data(const std::filesystem::path& name) {
  return std::filesystem::path(FMRI2IMG_REFERENCE_DATA) / name;
}

std::filesystem::path program() {
  return FMRI2IMG_PROGRAM;
}

ProgramResult run_program(const std::string& arguments, const std::string& before) {
  const TemporaryFolder folder;
  const std::string line = before + " " + program().string() + " " + arguments + " >" + (folder / "out").string() +
                           " 2>" + (folder / "err").string();
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          read_file(folder / "out"),
          read_file(folder / "err")};
}

}  // namespace fmri2img::testing
