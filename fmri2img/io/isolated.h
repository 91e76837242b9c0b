#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace fmri2img::io {

/// What a child process may use.
struct IsolationLimits {
  int64_t memory_bytes = int64_t{2} << 30;  ///< on top of what the process has at the fork
  int cpu_s = 60;
  int wall_s = 600;
};

/// Memory that an isolated child fills and its parent reads. Pages that nobody touches take no room.
class SharedMemory {
 public:
  /// Throws Error if the system refuses it. REQUIRES: bytes > 0.
  explicit SharedMemory(int64_t bytes);

  std::span<std::byte> bytes() const { return bytes_; }
  std::shared_ptr<const void> owner() const { return owner_; }

 private:
  std::shared_ptr<void> owner_;
  std::span<std::byte> bytes_;
};

/// Runs `work` in a forked child process and returns its text: for libraries that hostile files can crash.
///
/// An Error that `work` throws is thrown here. A child that crashes, hangs or exceeds a limit becomes an Error "`where`
/// is damaged: reading it ended `library` (...)". What the child did to its memory is gone with it.
///
/// REQUIRES: `work` starts no threads and uses no library that has any: only the calling thread exists in the child, so
/// a lock that another one held is held forever. LibTorch is such a library.
std::string run_isolated(const std::function<std::string()>& work,
                         const IsolationLimits& limits,
                         const std::string& where,
                         const std::string& library);

}  // namespace fmri2img::io
