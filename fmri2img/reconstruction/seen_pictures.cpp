#include "fmri2img/reconstruction/seen_pictures.h"

#include <torch/torch.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"

namespace fmri2img::reconstruction {
namespace {

using data::Pictures;

std::multimap<std::uintmax_t, std::filesystem::path> files_by_size(const Pictures& pictures,
                                                                   const std::vector<int64_t>& rows) {
  std::multimap<std::uintmax_t, std::filesystem::path> files;
  for (const int64_t row : rows) files.emplace(std::filesystem::file_size(pictures.path(row)), pictures.path(row));
  return files;
}

}  // namespace

std::vector<bool> find_seen_pictures(const Pictures& pictures,
                                     const std::vector<int64_t>& rows,
                                     const Pictures& training_pictures,
                                     const std::vector<int64_t>& trained) {
  const auto known = files_by_size(training_pictures, trained);
  std::map<std::filesystem::path, std::string> prints;  // only of files whose size occurs twice
  const auto print_of = [&](const std::filesystem::path& path) {
    std::string& print = prints[path];
    if (print.empty()) print = fingerprint(path);
    return print;
  };
  std::vector<bool> seen;
  for (const int64_t row : rows) {
    const std::filesystem::path& path = pictures.path(row);
    const auto [first, last] = known.equal_range(std::filesystem::file_size(path));
    seen.push_back(std::any_of(first, last, [&](const auto& entry) {
      return entry.second == path || print_of(entry.second) == print_of(path);
    }));
  }
  return seen;
}

at::Tensor at_codec_size(const at::Tensor& picture, const models::PictureSize& size) {
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.size(2) == 3 && picture.scalar_type() == at::kByte);
  if (picture.size(0) == size.height && picture.size(1) == size.width) return picture;
  const at::Tensor values = picture.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat);
  const at::Tensor resized = at::_upsample_bilinear2d_aa(values, {size.height, size.width}, /*align_corners=*/false);
  return resized.squeeze(0).permute({1, 2, 0}).add(0.5).floor().clamp(0, 255).to(at::kByte).contiguous();
}

MeanPicture mean_picture(const Pictures& pictures,
                         const std::vector<int64_t>& rows,
                         const models::PictureSize& size,
                         const std::function<void()>& after_each) {
  FMRI2IMG_ASSERT(!rows.empty());
  const auto all = static_cast<int64_t>(rows.size());
  const int64_t count = std::min(all, kMostInMean);
  at::Tensor sum = at::zeros({size.height, size.width, 3}, at::kDouble);
  for (int64_t i = 0; i < count; ++i) {
    stop_if_interrupted("run the same command again to go on");
    sum += at_codec_size(pictures.load(rows[static_cast<size_t>(i * all / count)]), size);
    after_each();
  }
  return {(sum / static_cast<double>(count)).round().to(at::kByte), count};
}

}  // namespace fmri2img::reconstruction
