#include "fmri2img/training/zoo/pictures/picture_batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "fmri2img/core/random.h"

namespace fmri2img::training {
namespace {

/// A permutation of 0 .. size - 1 that is computed number by number: a Feistel network over the next power of four,
/// walked until it comes back into the range.
/// Source: Black and Rogaway, "Ciphers with arbitrary finite domains" (2002), cycle walking.
class Shuffle {
 public:
  Shuffle(int64_t size, uint64_t key) : size_(static_cast<uint64_t>(size)), key_(key) {
    while ((uint64_t{1} << (2 * half_bits_)) < size_) ++half_bits_;
  }

  int64_t at(int64_t index) const {
    auto value = static_cast<uint64_t>(index);
    do value = encrypt(value);
    while (value >= size_);
    return static_cast<int64_t>(value);
  }

 private:
  uint64_t encrypt(uint64_t value) const {
    const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
    uint64_t left = value >> half_bits_;
    uint64_t right = value & mask;
    for (uint64_t round = 0; round < 4; ++round) {
      const uint64_t mixed = left ^ (splitmix64(key_ ^ splitmix64(right * 4 + round)) & mask);
      left = right;
      right = mixed;
    }
    return left << half_bits_ | right;
  }

  uint64_t size_, key_;
  int half_bits_ = 1;
};

}  // namespace

CaptionedBatch read_share(const CaptionedPictures& pictures, const Share& share, uint64_t seed) {
  return pictures.read(share_rows(pictures.size(), share, seed));
}

std::vector<int64_t> share_rows(int64_t size, const Share& share, uint64_t seed) {
  const int64_t per_step = share.batch * static_cast<int64_t>(kReplicas);
  const int64_t first = share.step * per_step + static_cast<int64_t>(share.replica) * share.batch;
  std::vector<int64_t> rows;
  for (int64_t i = first; i < first + share.batch; ++i) {
    const auto round = static_cast<uint64_t>(i / size);
    rows.push_back(Shuffle(size, splitmix64(seed ^ splitmix64(round))).at(i % size));
  }
  return rows;
}

at::Tensor to_signed(const at::Tensor& pictures) {
  return pictures.to(at::kFloat).div_(127.5).sub_(1);
}

at::Tensor to_normalised(const at::Tensor& pictures, const models::ImageProcessorOptions& processor) {
  const auto by_colour = [](const std::array<double, 3>& values) {
    return at::tensor(values).to(at::kFloat).view({3, 1, 1});
  };
  const at::Tensor scaled = pictures.to(at::kFloat).mul_(processor.rescale_factor);
  return scaled.sub_(by_colour(processor.image_mean)).div_(by_colour(processor.image_std));
}

void for_each_batch(const CaptionedPictures& pictures,
                    int64_t batch,
                    const std::function<void(const CaptionedBatch& batch)>& use) {
  for (int64_t first = 0; first < pictures.size(); first += batch) {
    std::vector<int64_t> rows(static_cast<size_t>(std::min(batch, pictures.size() - first)));
    std::iota(rows.begin(), rows.end(), first);
    use(pictures.read(rows));
  }
}

}  // namespace fmri2img::training
