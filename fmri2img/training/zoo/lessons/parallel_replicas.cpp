#include "fmri2img/training/zoo/lessons/parallel_replicas.h"

#include <array>
#include <exception>
#include <thread>

#include "fmri2img/core/threads.h"
#include "fmri2img/training/zoo/lessons/lesson.h"

namespace fmri2img::training {

void for_each_replica(const std::function<void(size_t replica)>& work) {
  std::array<std::exception_ptr, kReplicas> failures;
  const auto attempt = [&](size_t replica) {
    const OneThread alone;
    try {
      work(replica);
    } catch (...) {
      failures[replica] = std::current_exception();
    }
  };
  {
    std::array<std::jthread, kReplicas - 1> helpers;
    for (size_t i = 0; i < helpers.size(); ++i) helpers[i] = std::jthread(attempt, i + 1);
    attempt(0);
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace fmri2img::training
