#include "fmri2img/models/autoencoder_kl/memory.h"

#include <algorithm>
#include <limits>

namespace fmri2img::models {
namespace {

constexpr double kBytesPerValue = (8 << 10) / 128.0;  // of a pixel and channel: about 16 maps of float32 at a time
constexpr double kShareIn16Bits = 1 / 3.0;

}  // namespace

int64_t autoencoder_bytes(const AutoencoderKLOptions& options, at::ScalarType dtype, int64_t height, int64_t width) {
  const double values = static_cast<double>(height) * static_cast<double>(width) *
                        static_cast<double>(options.block_out_channels.front());
  const double bytes = values * kBytesPerValue * (dtype == at::kFloat ? 1 : kShareIn16Bits);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return bytes < static_cast<double>(kMost) ? static_cast<int64_t>(bytes) : kMost;
}

}  // namespace fmri2img::models
