#include "fmri2img/report/picture_source.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "fmri2img/core/progress.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/jpeg_writer.h"
#include "fmri2img/io/resize_image.h"
#include "fmri2img/report/html.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

constexpr int kQuality = 84;         // of a JPEG: no artefacts that one would take for the decoder's
constexpr int64_t kSmallSide = 100;  // pictures below it have few enough pixels to see each of them
constexpr int64_t kPerBlock = 64;    // pictures between two signs of progress

at::Tensor at_most(const at::Tensor& pixels, int64_t side) {
  const int64_t longer = std::max(pixels.size(0), pixels.size(1));
  if (longer <= side) return pixels;
  const auto scaled = [&](int64_t length) {
    return std::max<int64_t>(1, std::llround(static_cast<double>(length * side) / static_cast<double>(longer)));
  };
  return io::resize_image(pixels, scaled(pixels.size(0)), scaled(pixels.size(1)), io::Filter::kBicubic);
}

}  // namespace

std::string url_of(const fs::path& relative) {
  std::string url;
  for (const char c : relative.generic_string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    url += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url;
}

PictureSource::Made PictureSource::make(const PictureUse& use) const {
  if (link_images_) {
    const io::ImageInfo info = io::read_image_info(use.file);
    const fs::path from = fs::weakly_canonical(page_).parent_path();
    return {url_of(fs::weakly_canonical(use.file).lexically_relative(from)),
            std::max(info.height, info.width) <= kSmallSide};
  }
  const at::Tensor pixels = io::read_image(use.file);
  return {"data:image/jpeg;base64," + base64(io::encode_jpeg(at_most(pixels, use.side), kQuality)),
          std::max(pixels.size(0), pixels.size(1)) <= kSmallSide};
}

void PictureSource::prepare(std::vector<PictureUse> uses) {
  std::ranges::sort(uses);
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  std::vector<Made> made(uses.size());
  const auto count = std::ssize(uses);
  Progress progress("preparing the pictures", "pictures", count);
  for (int64_t first = 0; first < count; first += kPerBlock) {
    const int64_t last = std::min(first + kPerBlock, static_cast<int64_t>(count));
    at::parallel_for(first, last, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) made[static_cast<size_t>(i)] = make(uses[static_cast<size_t>(i)]);
    });
    progress.advance(last - first);
  }
  for (size_t i = 0; i < uses.size(); ++i) made_[uses[i]] = std::move(made[i]);
}

std::string PictureSource::img(const PictureUse& use, std::string_view alternative) {
  if (!made_.contains(use)) made_[use] = make(use);
  const Made& made = made_[use];
  return fmt::format(R"(<img src="{}" alt="{}"{}{}>)",
                     made.source,
                     escape_html(alternative),
                     made.small ? R"( class="small")" : "",
                     link_images_ ? R"( loading="lazy")" : R"( decoding="async")");
}

}  // namespace fmri2img::report
