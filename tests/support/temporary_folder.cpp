#include "tests/support/temporary_folder.h"

#include <cstdlib>
#include <string>

#include "fmri2img/core/check.h"

namespace fmri2img::testing {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "fmri2img-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) fail(ErrorKind::kFailed, "cannot make a temporary folder like {}", pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fmri2img::testing
