#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::training {

/// Pictures of one size, and what each shows.
struct CaptionedBatch {
  at::Tensor pictures;  ///< uint8 [N, 3, side, side]
  std::vector<std::string> captions;
};

/// What the models of a zoo learn from.
class CaptionedPictures {
 public:
  virtual ~CaptionedPictures() = default;

  /// Number of pictures, at least 1.
  virtual int64_t size() const = 0;

  /// Height and width of every picture that `read` returns.
  virtual int64_t side() const = 0;

  /// The pictures with these numbers (0 .. size() - 1; repetitions allowed), always the same for the same number. May
  /// be called by several threads at once.
  virtual CaptionedBatch read(std::span<const int64_t> rows) const = 0;

  /// The caption of one picture, which need not be read for it.
  virtual std::string caption(int64_t row) const = 0;

  /// What the pictures are, for a model's card: "drawn scenes of seed 1" or the folder.
  virtual std::string description() const = 0;
};

/// `count` scenes of `seed`, 64 x 64, drawn when they are read: thousands a second, and none is stored.
std::unique_ptr<CaptionedPictures> drawn_scenes(uint64_t seed, int64_t count);

/// A folder of PNG and JPEG pictures with captions: a `metadata.jsonl` with `file_name` and `text` a line (the layout
/// of Hugging Face's image folders), or NAME.txt beside each picture. Pictures are cut to their middle square and
/// resized to `side`. Throws Error naming the picture without a caption, the caption without a picture, or the line
/// that is not as it should be.
std::unique_ptr<CaptionedPictures> open_captioned_folder(const std::filesystem::path& folder, int64_t side);

}  // namespace fmri2img::training
