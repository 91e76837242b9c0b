#include "fmri2img/data/picture_prints.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/io/resize_image.h"
#include "fmri2img/io/safetensors.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kPrintSide = 16;
constexpr int64_t kPrintValues = kPrintSide * kPrintSide * 3;
constexpr int64_t kPicturesAtOnce = 256;
constexpr int64_t kRowsAtOnce = 1024;
constexpr const char* kPrintsFormat = "fmri2img picture prints 1";

fs::path prints_file(const Pictures& pictures) {
  const fs::path folder = fs::weakly_canonical(pictures.folder());
  return folder.parent_path() / fmt::format(".{}.prints.safetensors", folder.filename().string());
}

/// Changes when a picture is added, removed, renamed or written again.
std::string state_of(const Pictures& pictures) {
  std::string listing;
  for (int64_t row = 0; row < pictures.size(); ++row) {
    const fs::path& file = pictures.path(row);
    listing += fmt::format("{} {} {}\n",
                           file.filename().string(),
                           fs::file_size(file),
                           fs::last_write_time(file).time_since_epoch().count());
  }
  return sha256(listing);
}

at::Tensor grey_of(const at::Tensor& thumbnails) {
  const at::Tensor weights = at::tensor({.2125F, .7154F, .0721F});
  return thumbnails.to(at::kFloat).view({-1, kPrintSide * kPrintSide, 3}).matmul(weights);
}

/// Kept prints, unless they are of other files or damaged: they can be made again.
std::optional<PicturePrints> read_prints(const fs::path& file, const std::string& state, int64_t count) {
  if (!fs::exists(file)) return std::nullopt;
  try {
    const io::SafetensorsFile kept(file);
    const auto& metadata = kept.metadata();
    if (!metadata.contains("format") || metadata.at("format") != kPrintsFormat) return std::nullopt;
    if (!metadata.contains("pictures") || metadata.at("pictures") != state) return std::nullopt;
    PicturePrints prints{kept.tensor("thumbnails"), kept.tensor("plain")};
    const bool fits = prints.thumbnails.sizes() == at::IntArrayRef({count, kPrintValues}) &&
                      prints.thumbnails.scalar_type() == at::kByte &&
                      prints.plain.sizes() == at::IntArrayRef({count}) && prints.plain.scalar_type() == at::kBool;
    return fits ? std::make_optional(std::move(prints)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void keep_prints(const fs::path& file, const std::string& state, const PicturePrints& prints) {
  try {
    io::write_safetensors(file,
                          {{"thumbnails", prints.thumbnails}, {"plain", prints.plain}},
                          {{"format", kPrintsFormat}, {"pictures", state}});
  } catch (const Error& error) {
    log_info("the pictures' fingerprints are not kept, the next run makes them again: {}", error.message());
  }
}

PicturePrints joined(const std::vector<PicturePrints>& parts) {
  std::vector<at::Tensor> thumbnails, plain;
  for (const PicturePrints& part : parts) {
    thumbnails.push_back(part.thumbnails);
    plain.push_back(part.plain);
  }
  return {at::cat(thumbnails), at::cat(plain)};
}

PicturePrints make_prints(const Pictures& pictures) {
  const int64_t count = pictures.size();
  std::vector<PicturePrints> parts;
  Progress progress("thumbnails for the leak guard", "pictures", count);
  for (int64_t first = 0; first < count; first += kPicturesAtOnce) {
    stop_if_interrupted("run the same command again");
    const int64_t last = std::min(first + kPicturesAtOnce, count);
    parts.push_back(picture_prints(last - first, [&](int64_t i) { return pictures.load(first + i); }));
    progress.advance(last - first);
  }
  return joined(parts);
}

/// Rows of `values` with zero mean and unit length, those of plain pictures zero.
at::Tensor standardised(const at::Tensor& values, const at::Tensor& plain) {
  const at::Tensor centred = values - values.mean(1, /*keepdim=*/true);
  const at::Tensor unit = centred / centred.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-6);
  return unit * plain.logical_not().unsqueeze(1);
}

struct StandardPrints {
  at::Tensor grey, colour;
};

StandardPrints standardised(const PicturePrints& prints, const std::vector<int64_t>& rows) {
  const at::Tensor chosen = at::tensor(rows, at::kLong);
  const at::Tensor thumbnails = prints.thumbnails.index_select(0, chosen);
  const at::Tensor plain = prints.plain.index_select(0, chosen);
  return {standardised(grey_of(thumbnails), plain), standardised(thumbnails.to(at::kFloat), plain)};
}

void add_alike(std::vector<NearCopy>& copies,
               const PicturePrints& prints,
               const std::vector<int64_t>& rows,
               const PicturePrints& others,
               const std::vector<int64_t>& other_rows) {
  const StandardPrints theirs = standardised(others, other_rows);
  for (size_t first = 0; first < rows.size(); first += kRowsAtOnce) {
    const size_t last = std::min(first + kRowsAtOnce, rows.size());
    const std::span part_of_rows = std::span(rows).subspan(first, last - first);
    const std::vector<int64_t> part(part_of_rows.begin(), part_of_rows.end());
    const StandardPrints ours = standardised(prints, part);
    const at::Tensor similarity =
        at::minimum(ours.grey.matmul(theirs.grey.t()), ours.colour.matmul(theirs.colour.t())).clamp_max(1);
    const at::Tensor found = similarity.ge(kNearCopySimilarity).nonzero();
    const auto pairs = found.accessor<int64_t, 2>();
    const auto values = similarity.accessor<float, 2>();
    for (int64_t i = 0; i < found.size(0); ++i) {
      const int64_t row = pairs[i][0];
      const int64_t other = pairs[i][1];
      copies.push_back({rows[first + row], other_rows[other], values[row][other]});
    }
  }
}

std::string thumbnail_bytes(const PicturePrints& prints, int64_t row) {
  const auto* bytes = prints.thumbnails.const_data_ptr<uint8_t>() + row * kPrintValues;
  return {reinterpret_cast<const char*>(bytes), kPrintValues};
}

void add_equal(std::vector<NearCopy>& copies,
               const PicturePrints& prints,
               const std::vector<int64_t>& rows,
               const PicturePrints& others,
               const std::vector<int64_t>& other_rows) {
  const bool* ours = prints.plain.const_data_ptr<bool>();
  const bool* theirs = others.plain.const_data_ptr<bool>();
  std::unordered_map<std::string, std::vector<int64_t>> known;
  for (const int64_t other : other_rows) {
    if (theirs[other]) known[thumbnail_bytes(others, other)].push_back(other);
  }
  for (const int64_t row : rows) {
    if (!ours[row]) continue;
    const auto found = known.find(thumbnail_bytes(prints, row));
    if (found == known.end()) continue;
    for (const int64_t other : found->second) copies.push_back({row, other, 1});
  }
}

}  // namespace

PicturePrints picture_print(const at::Tensor& picture) {
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.size(2) == 3 && picture.scalar_type() == at::kByte);
  const at::Tensor thumbnail =
      io::resize_image(picture, kPrintSide, kPrintSide, io::Filter::kBilinear).view({1, kPrintValues});
  const bool is_small = std::min(picture.size(0), picture.size(1)) < kSmallestPrinted;
  const bool is_flat = grey_of(thumbnail).std().item<double>() < kFlattestPrinted;
  return {thumbnail, at::full({1}, is_small || is_flat, at::kBool)};
}

PicturePrints picture_prints(int64_t count, const std::function<at::Tensor(int64_t)>& picture) {
  std::vector<PicturePrints> each(static_cast<size_t>(count));
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) each[static_cast<size_t>(i)] = picture_print(picture(i));
  });
  return joined(each);
}

PicturePrints picture_prints(const Pictures& pictures) {
  if (pictures.size() == 0) return {at::empty({0, kPrintValues}, at::kByte), at::empty({0}, at::kBool)};
  const fs::path file = prints_file(pictures);
  const std::string state = state_of(pictures);
  if (std::optional<PicturePrints> kept = read_prints(file, state, pictures.size())) return *std::move(kept);
  PicturePrints prints = make_prints(pictures);
  keep_prints(file, state, prints);
  return prints;
}

std::vector<NearCopy> find_near_copies(const PicturePrints& prints,
                                       const std::vector<int64_t>& rows,
                                       const PicturePrints& others,
                                       const std::vector<int64_t>& other_rows) {
  std::vector<NearCopy> copies;
  if (rows.empty() || other_rows.empty()) return copies;
  add_alike(copies, prints, rows, others, other_rows);
  add_equal(copies, prints, rows, others, other_rows);
  std::sort(copies.begin(), copies.end(), [](const NearCopy& a, const NearCopy& b) {
    return std::pair(a.row, a.other) < std::pair(b.row, b.other);
  });
  return copies;
}

}  // namespace fmri2img::data
