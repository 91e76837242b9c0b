#include <hdf5.h>

#include <exception>
#include <memory>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/io/isolated.h"

// io/isolated.h without the child process, linked in its place into the fuzzers named `..._in_process`: libFuzzer sees
// the coverage of what the child would run, and an input takes no fork. libhdf5's own crashes end such a fuzzer; they
// are findings only where the fuzzer with the child fails on the same input.

namespace fmri2img::io {
namespace {

/// An Error in the middle leaves handles open: in a child they are gone with it.
struct CloseLibrary {
  ~CloseLibrary() { H5close(); }
};

}  // namespace

SharedMemory::SharedMemory(int64_t bytes) {
  auto memory = std::make_shared<std::vector<std::byte>>(static_cast<size_t>(bytes));
  bytes_ = *memory;
  owner_ = std::move(memory);
}

std::string run_isolated(const std::function<std::string()>& work,
                         const IsolationLimits& /*limits*/,
                         const std::string& where,
                         const std::string& /*library*/) {
  const CloseLibrary close_library;
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    fail(ErrorKind::kFailed, "{}: {}", where, error.what());
  }
}

}  // namespace fmri2img::io
