#include "fmri2img/io/inflate.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "tests/support/errors.h"

namespace fmri2img::io {
namespace {

TEST(Inflate, AsksForMemoryBeforeItUnpacks) {
  constexpr size_t kCompressed = size_t{1} << 36;  // addresses alone: no page of it is ever touched
  void* memory = mmap(nullptr, kCompressed, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const std::span<const std::byte> data(static_cast<const std::byte*>(memory), kCompressed);
  EXPECT_ERROR(inflate_exactly(data, kCompressed * 1000, "big.npz", DeflateWrapper::kNone),
               "big.npz needs about 68.7 TB of memory",
               "save the file without compression");
  munmap(memory, kCompressed);
}

TEST(Inflate, RefusesASizeThatNoCompressionReaches) {
  const std::vector<std::byte> data(100);
  EXPECT_ERROR(inflate_exactly(data, uint64_t{1} << 60, "bad.npz", DeflateWrapper::kNone),
               "bad.npz: claims 1152921504606846976 bytes, more than its 100 compressed bytes can hold");
}

}  // namespace
}  // namespace fmri2img::io
