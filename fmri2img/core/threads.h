#pragma once

namespace fmri2img {

/// Cores this process may use: its affinity mask, cut by the cgroup's CPU quota. At least 1.
int usable_cores();

/// Sets the threads of every kernel; 0 means `usable_cores()`. Call once, from `main`, before the first tensor
/// operation.
void set_threads(int threads);

/// While it lives, kernels that this thread calls use this thread alone: for callers that are parallel themselves.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace fmri2img
