#include <ATen/Parallel.h>
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fmri2img/core/error.h"
#include "tests/fuzz/targets.h"

// libFuzzer's entry point. FMRI2IMG_FUZZ_TARGET, set by the build, is the target's name.

namespace {

/// An isolated child (io/isolated.h) that crashes is no finding: there libFuzzer must not write it down as one.
void forget_fuzzer_in_children() {
  pthread_atfork(nullptr, nullptr, [] { __sanitizer_set_death_callback(nullptr); });
}

/// A file that the readers open by its path. It has a real one, since libhdf5 refuses what `realpath` does not find, as
/// it does not find descriptors of memory.
class InputFile {
 public:
  InputFile() : descriptor_(mkstemp(path_.data())) {
    if (descriptor_ < 0) std::abort();
  }
  ~InputFile() { unlink(path_.c_str()); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }

  void set(const uint8_t* data, size_t size) const {
    const bool written = ftruncate(descriptor_, static_cast<off_t>(size)) == 0 &&
                         pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size);
    if (!written) std::abort();
  }

 private:
  std::string path_ = "/dev/shm/fmri2img-fuzz-XXXXXX";  // in memory
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fmri2img::fuzz::Target& target = [] -> const fmri2img::fuzz::Target& {
    at::set_num_threads(1);
    forget_fuzzer_in_children();
    return fmri2img::fuzz::find_target(FMRI2IMG_FUZZ_TARGET);
  }();
  static const InputFile file;
  file.set(data, size);
  try {
    target.read(file.path());
  } catch (const fmri2img::Error&) {  // the input was refused
  }
  return 0;
}
