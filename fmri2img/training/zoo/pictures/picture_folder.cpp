#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/pictures.h"
#include "fmri2img/io/resize_image.h"
#include "fmri2img/text/unicode.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMetadata = "metadata.jsonl";
constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

using CaptionOf = std::map<std::string, std::string>;  // by the picture's file name, or by its stem

/// A caption that can be learned from: not empty, UTF-8.
std::string checked_caption(const std::string& text, const std::string& where) {
  std::string caption(trimmed(text, kWhiteSpace));
  FMRI2IMG_CHECK(!caption.empty(), "{}: the caption is empty", where);
  with_context("reading " + where, [&] { return text::decode_utf8(caption); });
  return caption;
}

CaptionOf read_metadata(const fs::path& file) {
  CaptionOf captions;
  std::istringstream lines(read_file(file));
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string where = fmt::format("\"{}\", line {}", file.string(), ++number);
    if (trimmed(line, kWhiteSpace).empty()) continue;
    JsonFields fields(parse_json(line, where), where);
    const auto name = fields.require<std::string>("file_name");
    const bool fresh = captions.emplace(name, checked_caption(fields.require<std::string>("text"), where)).second;
    FMRI2IMG_CHECK(fresh, "{}: \"{}\" has a caption already, in a line before", where, name);
  }
  return captions;
}

CaptionOf read_text_files(const fs::path& folder) {
  CaptionOf captions;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path& file = entry.path();
    const bool hidden = file.filename().string().starts_with('.');
    if (hidden || file.extension() != ".txt") continue;
    captions[file.stem().string()] = checked_caption(read_file(file), fmt::format("\"{}\"", file.string()));
  }
  return captions;
}

at::Tensor middle_square(const at::Tensor& pixels) {
  const int64_t side = std::min(pixels.size(0), pixels.size(1));
  return pixels.narrow(0, (pixels.size(0) - side) / 2, side).narrow(1, (pixels.size(1) - side) / 2, side);
}

class CaptionedFolder : public CaptionedPictures {
 public:
  CaptionedFolder(const fs::path& folder, int64_t side) : pictures_(folder), side_(side) {
    FMRI2IMG_CHECK_USAGE(side >= 1, "pictures with sides of {} pixels: at least 1 is needed", side);
    FMRI2IMG_CHECK(pictures_.size() > 0, "\"{}\" holds no PNG or JPEG pictures to learn from", folder.string());
    if (fs::exists(folder / kMetadata)) {
      match(read_metadata(folder / kMetadata), &fs::path::filename);
    } else {
      match(read_text_files(folder), &fs::path::stem);
    }
  }

  int64_t size() const override { return pictures_.size(); }
  int64_t side() const override { return side_; }

  CaptionedBatch read(std::span<const int64_t> rows) const override {
    CaptionedBatch batch{at::empty({static_cast<int64_t>(rows.size()), 3, side_, side_}, at::kByte), {}};
    for (size_t i = 0; i < rows.size(); ++i) {
      const at::Tensor square = middle_square(pictures_.load(rows[i]));
      const at::Tensor resized = io::resize_image(square, side_, side_, io::Filter::kBicubic);
      batch.pictures[static_cast<int64_t>(i)].copy_(resized.permute({2, 0, 1}));
      batch.captions.push_back(captions_[static_cast<size_t>(rows[i])]);
    }
    return batch;
  }

  std::string caption(int64_t row) const override { return captions_[static_cast<size_t>(row)]; }

  std::string description() const override {
    return fmt::format("{} pictures of \"{}\"", format_count(size()), pictures_.folder().string());
  }

 private:
  /// Gives each picture the caption of its `key`; every caption must find its picture.
  void match(const CaptionOf& captions, fs::path (fs::path::*key)() const) {
    std::map<std::string, fs::path> matched;
    for (int64_t row = 0; row < size(); ++row) {
      const fs::path& picture = pictures_.path(row);
      const auto caption = captions.find((picture.*key)().string());
      FMRI2IMG_CHECK(caption != captions.end(),
                     "\"{}\" has no caption: expected a line in {} beside it (\"file_name\", \"text\"), or, without "
                     "that file, {}.txt",
                     picture.string(),
                     kMetadata,
                     picture.stem().string());
      const auto [other, fresh] = matched.emplace(caption->first, picture);
      FMRI2IMG_CHECK(fresh,
                     "\"{}\" and \"{}\" in \"{}\" share the caption {}.txt: rename one of them, or write {}",
                     other->second.filename().string(),
                     picture.filename().string(),
                     pictures_.folder().string(),
                     caption->first,
                     kMetadata);
      captions_.push_back(caption->second);
    }
    for (const auto& [name, caption] : captions) {
      FMRI2IMG_CHECK(matched.contains(name),
                     "\"{}\": there is a caption for \"{}\" (\"{}\"), but no PNG or JPEG picture of that name",
                     pictures_.folder().string(),
                     name,
                     caption);
    }
  }

  data::Pictures pictures_;
  int64_t side_;
  std::vector<std::string> captions_;
};

}  // namespace

std::unique_ptr<CaptionedPictures> open_captioned_folder(const fs::path& folder, int64_t side) {
  return std::make_unique<CaptionedFolder>(folder, side);
}

}  // namespace fmri2img::training
