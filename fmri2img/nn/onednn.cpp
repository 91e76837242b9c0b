#ifdef FMRI2IMG_HAS_DNNL

#include "fmri2img/nn/onednn.h"

#include <sys/mman.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::nn::onednn {
namespace {

void* map_memory(size_t bytes, const char* what) {
  void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED)
    fail(ErrorKind::kFailed, "no memory for a layer's {} of {}", format_bytes(static_cast<int64_t>(bytes)), what);
  ::madvise(address, bytes, MADV_HUGEPAGE);
  return address;
}

}  // namespace

void* scratch(size_t bytes) {
  static void* shared = nullptr;
  static size_t size = 0;
  if (bytes <= size) return shared;
  if (shared != nullptr) ::munmap(shared, size);
  size = 0;
  shared = nullptr;
  shared = map_memory(bytes, "working memory");
  size = bytes;
  return shared;
}

LastingMemory::LastingMemory(const dnnl::memory::desc& desc) {
  const size_t size = std::max<size_t>(desc.get_size(), 1);
  bytes = {map_memory(size, "weights"), [size](void* address) { ::munmap(address, size); }};
  view = dnnl::memory(desc, engine(), bytes.get());
}

}  // namespace fmri2img::nn::onednn

#endif
