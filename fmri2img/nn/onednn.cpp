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

/// Memory that only grows.
class Scratch {
 public:
  Scratch() = default;
  ~Scratch() { release(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void* at_least(size_t bytes) {
    if (bytes <= size_) return address_;
    release();
    address_ = map_memory(bytes, "working memory");
    size_ = bytes;
    return address_;
  }

 private:
  void release() {
    if (address_ != nullptr) ::munmap(address_, size_);
    address_ = nullptr;
    size_ = 0;
  }

  void* address_ = nullptr;
  size_t size_ = 0;
};

}  // namespace

void* scratch(size_t bytes) {
  thread_local Scratch own;
  return own.at_least(bytes);
}

LastingMemory::LastingMemory(const dnnl::memory::desc& desc) {
  const size_t size = std::max<size_t>(desc.get_size(), 1);
  bytes = {map_memory(size, "weights"), [size](void* address) { ::munmap(address, size); }};
  view = dnnl::memory(desc, engine(), bytes.get());
}

}  // namespace fmri2img::nn::onednn

#endif
