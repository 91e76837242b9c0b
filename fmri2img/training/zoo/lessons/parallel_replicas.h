#pragma once

#include <cstddef>
#include <functional>

namespace fmri2img::training {

/// Calls `work(0)` .. `work(kReplicas - 1)`, each on a thread of its own that computes alone (`OneThread`), and waits
/// for all of them. Rethrows the first exception.
void for_each_replica(const std::function<void(size_t replica)>& work);

}  // namespace fmri2img::training
